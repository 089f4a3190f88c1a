package project

import (
	"fmt"

	"github.com/goldthread/goldthread/internal/record"
)

// Revision reads the revision of an item that the operation at p put.
func Revision(src Source, p Position) (*record.Item, error) {
	op, err := src.Operation(p)
	if err != nil {
		return nil, fmt.Errorf("read revision at entry %d, operation %d: %w", p.Entry, p.Operation, err)
	}
	put, ok := op.(record.PutItem)
	if !ok {
		return nil, fmt.Errorf("internal: entry %d, operation %d is %q, not a revision", p.Entry, p.Operation, op.Type())
	}
	return &put.Item, nil
}

// Text reads the text of the present revision of h.
func (s *Snapshot) Text(src Source, h Handle) (string, error) {
	it, err := s.Full(src, h)
	if err != nil {
		return "", err
	}
	return it.Text, nil
}

// Full reads the present revision of h with its text, under its present key.
func (s *Snapshot) Full(src Source, h Handle) (*record.Item, error) {
	n := s.Node(h)
	if n.Missing {
		return nil, fmt.Errorf("%s is referred to, but there is no such item", n.Item.Key)
	}
	it, err := Revision(src, n.At)
	if err != nil {
		return nil, err
	}
	full := *it
	full.Key = n.Item.Key
	return &full, nil
}

// ByContent reads the newest revision of h whose content hash is want, nil if
// there is none: what a link's end was when it was last confirmed.
func (s *Snapshot) ByContent(src Source, h Handle, want record.Hash) (*record.Item, error) {
	n := s.Node(h)
	if n.Missing {
		return nil, nil
	}
	for i := len(n.Earlier); i >= 0; i-- {
		p := n.At
		if i < len(n.Earlier) {
			p = n.Earlier[i]
		}
		it, err := Revision(src, p)
		if err != nil {
			return nil, err
		}
		if it.ContentHash() == want {
			return it, nil
		}
	}
	return nil, nil
}
