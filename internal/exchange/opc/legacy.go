package opc

import (
	"bytes"
	"fmt"
	"io/fs"
)

// ole2 begins compound files: what Office wrote up to 2003, and what holds encrypted files since.
var ole2 = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// IsLegacy reports whether a file begins as a compound file does.
func IsLegacy(head []byte) bool { return bytes.HasPrefix(head, ole2) }

// Legacy says why a compound file is not read and what to do. Name is the extension to be saved as, such as .xlsx.
func Legacy(data []byte, name string) *Error {
	if bytes.Contains(data, utf16("EncryptedPackage")) || bytes.Contains(data, utf16("EncryptionInfo")) {
		return refuse("open it with its password, remove the password, and save it", "the file is encrypted")
	}
	return refuse(fmt.Sprintf("open it in Office or LibreOffice and save it as %s", name), "the file is in the binary format of Office 97 to 2003, which is not read")
}

func utf16(s string) []byte {
	var b []byte
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}

// Head is the beginning of a file, nil where it cannot be read.
func Head(fsys fs.FS, name string) []byte {
	f, err := fsys.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	head := make([]byte, 8)
	n := 0
	for n < len(head) {
		m, err := f.Read(head[n:])
		n += m
		if err != nil || m == 0 {
			break
		}
	}
	return head[:n]
}

// IsZip reports whether a file begins as an archive does.
func IsZip(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }
