package project_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/record"
)

// Two folds of one story are the same to the bit; a story with one more step is another.
func TestDigest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genStory(15).Draw(t, "story")
		a, heads := s.fold(t)
		b, _ := s.fold(t)
		seen := map[record.Stream]map[record.Hash]int64{}
		for _, h := range heads {
			if seen[h.Stream()] == nil {
				seen[h.Stream()] = map[record.Hash]int64{}
			}
			if other, there := seen[h.Stream()][h.Digest()]; there {
				t.Fatalf("stream %s is the same after entries %d and %d", h.Stream(), other, h.Entry())
			}
			seen[h.Stream()][h.Digest()] = h.Entry()
		}
		for stream := range s.lines {
			if a.Head(stream).Digest() != b.Head(stream).Digest() {
				t.Fatalf("two folds of stream %s differ", stream)
			}
		}
	})
}
