-- goldthread:implements SRS-1 [[ | pump | ]]
entity pump is
  port (a : in std_logic);
end entity;

-- goldthread:implements SRS-2 [[ | rtl | ]]
architecture rtl of pump is
  signal s : std_logic; -- goldthread:implements SRS-3 [[ | rtl.s | ]]
begin
  process (a)
  begin
    -- goldthread:implements SRS-4 [[ | rtl | ]]
  end process;
end rtl;
