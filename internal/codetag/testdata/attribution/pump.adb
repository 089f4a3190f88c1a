-- goldthread:implements SRS-1 [[ | Pump | ]]
package body Pump is

   -- goldthread:implements SRS-2 [[ | Start | ]]
   overriding procedure Start (X : Integer) is
      Y : Integer;
   begin
      -- goldthread:implements SRS-3 [[ | Start | ]]
      null;
   end Start;

   -- goldthread:verifies SRS-4 [[test_stop | test_stop | ]]
   function test_stop return Boolean is
   begin
      return True; -- goldthread:verifies SRS-5 [[test_stop | test_stop | ]]
   end test_stop;
end Pump;
