// Package pump holds the files of the worked example, so that the program can
// show it without them lying about: goldthread demo.
package pump

import (
	"embed"
	"io/fs"
)

//go:embed *
var files embed.FS

// Files are the documents, code and results of the example, as a folder.
func Files() fs.FS { return files }
