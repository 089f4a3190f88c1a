(* goldthread:implements SRS-1 [[ | start | ]] *)
let rec start x =
  (* goldthread:implements SRS-2 [[ | start | ]] *)
  x
