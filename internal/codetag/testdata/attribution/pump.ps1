# goldthread:implements SRS-1 [[ | Start-Pump | ]]
function Start-Pump {
  Write-Host "x" # goldthread:implements SRS-2 [[ | Start-Pump | ]]
}
Describe "pump" {
  # goldthread:verifies SRS-3 [[pump > starts | pump.starts | ]]
  It "starts" {
    $true | Should -Be $true
  }
}
