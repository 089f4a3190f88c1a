-- goldthread:implements SRS-1 [[ | alarms | ]]
CREATE TABLE IF NOT EXISTS alarms (
  id INTEGER -- goldthread:implements SRS-2 [[ | alarms | ]]
);
-- goldthread:implements SRS-3 [[ | sound | ]]
create or replace function sound() returns int as $$
begin
  -- goldthread:implements SRS-4 [[ | sound | ]]
end $$;
