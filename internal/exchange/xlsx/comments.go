package xlsx

import (
	"strings"

	"github.com/goldthread/goldthread/internal/exchange/opc"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// comments reads the comments of a sheet: those in threads where there are some, of which the others are copies for old programs.
func (s *sheet) comments(relations []opc.Relation) *opc.Error {
	threads := map[string]bool{}
	if part := opc.One(relations, "threadedComment"); part != "" && s.book.pack.Has(part) {
		if refused := s.threads(part, threads); refused != nil {
			return refused
		}
	}
	part := opc.One(relations, "comments")
	if part == "" || !s.book.pack.Has(part) {
		return nil
	}
	data, refused := s.book.pack.Part(part)
	if refused != nil {
		return refused
	}
	var authors []string
	var text strings.Builder
	ref, author := "", -1
	inText, phonetic := false, 0
	return opc.Scan(part, data, func(x *xmlscan.Scanner) {
		switch x.Kind {
		case xmlscan.Start:
			switch x.Name.Local {
			case "author", "t":
				inText = phonetic == 0
				if x.Name.Local == "author" {
					text.Reset()
				}
			case "comment":
				ref, author = x.Attr("ref"), number(x.Attr("authorId"))
				text.Reset()
			case "rPh":
				phonetic++
			}
		case xmlscan.Text:
			if inText {
				text.WriteString(x.Text)
			}
		case xmlscan.End:
			switch x.Name.Local {
			case "t":
				inText = false
			case "author":
				inText = false
				authors = append(authors, text.String())
			case "rPh":
				phonetic--
			case "comment":
				by := ""
				if author >= 0 && author < len(authors) {
					by = authors[author]
				}
				if !threads[ref] {
					s.comment(ref, by, text.String())
				}
			}
		}
	})
}

func (s *sheet) comment(ref, author, text string) {
	text = strings.TrimSpace(unescape(text))
	at, ok := reference(ref)
	if !ok || text == "" {
		return
	}
	author = strings.TrimSpace(author)
	if rest, named := strings.CutPrefix(text, author+":"); author != "" && named {
		text = strings.TrimSpace(rest)
	}
	if author != "" && !strings.HasPrefix(author, "tc=") {
		text = author + ": " + text
	}
	s.note(at, "comment", text)
}

// threads reads comments that answer each other.
func (s *sheet) threads(part string, seen map[string]bool) *opc.Error {
	data, refused := s.book.pack.Part(part)
	if refused != nil {
		return refused
	}
	persons := s.book.persons()
	var text strings.Builder
	ref, by := "", ""
	inText := false
	return opc.Scan(part, data, func(x *xmlscan.Scanner) {
		switch x.Kind {
		case xmlscan.Start:
			switch x.Name.Local {
			case "threadedComment":
				ref, by = x.Attr("ref"), persons[x.Attr("personId")]
				text.Reset()
			case "text":
				inText = true
			}
		case xmlscan.Text:
			if inText {
				text.WriteString(x.Text)
			}
		case xmlscan.End:
			switch x.Name.Local {
			case "text":
				inText = false
			case "threadedComment":
				seen[ref] = true
				s.comment(ref, by, text.String())
			}
		}
	})
}

// persons are the names of those who commented, by their identities.
func (b *book) persons() map[string]string {
	names := map[string]string{}
	relations, refused := b.pack.Relations(b.main)
	if refused != nil {
		return names
	}
	for _, r := range relations {
		if r.Type != "person" {
			continue
		}
		if data, refused := b.pack.Part(r.Target); refused == nil {
			_ = opc.Scan(r.Target, data, func(x *xmlscan.Scanner) {
				if x.Kind == xmlscan.Start && x.Name.Local == "person" {
					names[x.Attr("id")] = x.Attr("displayName")
				}
			})
		}
	}
	return names
}
