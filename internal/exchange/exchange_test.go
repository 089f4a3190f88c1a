package exchange_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
)

func TestStatesAreClosed(t *testing.T) {
	links := []exchange.LinkState{"confirmed", "suspect", "unconfirmed", "unresolved"}
	if diff := cmp.Diff(links, exchange.LinkStates()); diff != "" {
		t.Error(diff)
	}
	reviews := []exchange.ReviewState{"not reviewed", "reviewed", "changed", "unknown"}
	if diff := cmp.Diff(reviews, exchange.ReviewStates()); diff != "" {
		t.Error(diff)
	}
}

func TestPosition(t *testing.T) {
	cases := []struct {
		sentence string
		at       exchange.Position
		want     string
	}{
		{"a place", exchange.Position{File: "a/b.yml", Line: 3, Column: 7}, "a/b.yml:3:7"},
		{"a line", exchange.Position{File: "b.yml", Line: 3}, "b.yml:3"},
		{"a file", exchange.Position{File: "b.yml", Column: 7}, "b.yml"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			if got := c.at.String(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestFaultsAreSortedByPlace(t *testing.T) {
	at := func(file string, line, column int, message string) exchange.Fault {
		return exchange.Fault{At: exchange.Position{File: file, Line: line, Column: column}, Message: message}
	}
	faults := []exchange.Fault{at("b", 1, 1, ""), at("a", 10, 1, ""), at("a", 9, 2, "first"), at("a", 9, 2, "second"), at("a", 9, 1, "")}
	exchange.SortFaults(faults)
	want := []exchange.Fault{at("a", 9, 1, ""), at("a", 9, 2, "first"), at("a", 9, 2, "second"), at("a", 10, 1, ""), at("b", 1, 1, "")}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Error(diff)
	}
}
