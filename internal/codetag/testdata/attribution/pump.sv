// goldthread:implements SRS-1 [[ | pump | ]]
module pump #(parameter N = 1) (
  input a
);
  // goldthread:implements SRS-2 [[ | pump.twice | ]]
  function automatic int twice(int x);
    return 2 * x; // goldthread:implements SRS-3 [[ | pump.twice | ]]
  endfunction
  always @(posedge a) begin
    // goldthread:implements SRS-4 [[ | pump | ]]
  end
endmodule
