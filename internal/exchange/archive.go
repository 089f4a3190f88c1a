package exchange

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"fmt"
	"io"
	"slices"
)

// Pack makes an archive, always the same of the same files.
func Pack(files []Attachment) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Deflate})
		if err == nil {
			_, err = w.Write(f.Data)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Overlap finds two entries whose bytes lie within each other: what makes small archives swell without end. An error means
// that nobody can say where an entry lies; it is then the first one.
func Overlap(files []*zip.File) (first, second *zip.File, err error) {
	type span struct {
		from, to int64
		file     *zip.File
	}
	spans := make([]span, 0, len(files))
	for _, f := range files {
		at, err := f.DataOffset()
		if err != nil {
			return f, nil, err
		}
		if f.CompressedSize64 > 1<<40 {
			return f, nil, fmt.Errorf("it is said to have %d bytes", f.CompressedSize64)
		}
		spans = append(spans, span{at, at + int64(f.CompressedSize64), f})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return spans[i-1].file, spans[i].file, nil
		}
	}
	return nil, nil, nil
}
