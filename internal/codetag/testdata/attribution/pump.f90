! goldthread:implements SRS-1 [[ | pump | ]]
module pump
contains
  ! goldthread:implements SRS-2 [[ | start | ]]
  pure integer function start(x)
    integer :: x
    ! goldthread:implements SRS-3 [[ | start | ]]
  end function start
  subroutine test_stop() ! goldthread:verifies SRS-4 [[test_stop | test_stop | ]]
  end subroutine
end module
