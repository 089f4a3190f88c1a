unit Pump;
implementation
// goldthread:implements SRS-1 [[ | TPump.Start | ]]
procedure TPump.Start(X: Integer);
begin
  // goldthread:implements SRS-2 [[ | TPump.Start | ]]
end;
end.
