# Read by the scripts beside it (". scripts/lib.sh"), from the root of the repository.

# Go installs itself here, often without a line in PATH.
command -v go >/dev/null || PATH=$PATH:/usr/local/go/bin

# tree_files lists the files of the tree, ended by NUL: what git tracks or would track, or without git all but the leftovers.
tree_files() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
      if [ -f "$file" ]; then printf '%s\0' "$file"; fi # a file that is deleted, but not yet in the index, is still listed
    done
  else
    find . \( -name .git -o -name node_modules -o -path ./bin \) -prune -o -type f -printf '%P\0'
  fi
}

# go_files lists the Go files of the tree, ended by NUL; those of testdata are left as they are.
go_files() {
  tree_files | grep -z '\.go$' | grep -zv '\(^\|/\)testdata/' || true
}

# nested_modules lists the folders of Go modules below the root; "./..." of the root does not reach into them.
nested_modules() {
  tree_files | grep -z '/go\.mod$' | grep -zv '\(^\|/\)testdata/' | xargs -0 -r -n 1 dirname || true
}
