package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/examples/infusion-pump/druglib"
)

// goldthread:verifies SRS-8, SRS-31
// goldthread:part-of TC-6
func TestTheScriptRunsToItsEnd(t *testing.T) {
	var out, events bytes.Buffer
	if err := run(&out, &events); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, text := range []string{
		"above the hard limit of 80.000 mL/h", "confirm to go on", "ALARM occlusion (high)", "ALARM air in line (high)",
		"infusion complete (medium)", "motor has no supply", "every checksum fits",
	} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("the terminal does not show %q", text)
		}
	}
	if !strings.Contains(events.String(), "occlusion ended") {
		t.Error("the log was not printed")
	}
}

func TestTheScriptIsTheSameEveryTime(t *testing.T) {
	var first, second bytes.Buffer
	if err := run(&first, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := run(&second, io.Discard); err != nil {
		t.Fatal(err)
	}
	if first.String() != second.String() {
		t.Error("two runs differ")
	}
}

// goldthread:verifies SRS-7, SWU-1
// goldthread:part-of TC-19
func TestTheLibraryOfTheWardLoads(t *testing.T) {
	if _, err := druglib.Load(library); err != nil {
		t.Error(err)
	}
}
