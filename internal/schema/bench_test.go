package schema

import (
	"testing"

	"github.com/goldthread/goldthread/internal/record"
)

func BenchmarkKindOfKey(b *testing.B) {
	s := Builtin()
	keys := []record.Key{"SRS-12", "RW-SYS-3", "TC00012", "HAZ-1", "XX-44444"}
	b.ReportAllocs()
	for i := range b.N {
		s.KindOfKey(keys[i%len(keys)])
	}
}

func BenchmarkAllowed(b *testing.B) {
	s := Builtin()
	b.ReportAllocs()
	for range b.N {
		s.Allowed("refines", "SRS", "SYS")
	}
}

// BenchmarkCompile is what the first call of Builtin costs a program start.
func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		compile(&builtinSource)
	}
}

func BenchmarkHash(b *testing.B) {
	for range b.N {
		hashOf(&builtinSource)
	}
}

func BenchmarkLoad(b *testing.B) {
	text := kindsYAML(b)
	for range b.N {
		if s, faults := Load(text); s == nil {
			b.Fatal(faults)
		}
	}
}

func BenchmarkExtend(b *testing.B) {
	text := []byte("kinds:\n  UI: {name: screen requirement, specialises: SRS}\nkeys: {REQ: SRS}\n")
	for range b.N {
		Builtin().Extend(text, "goldthread.yaml")
	}
}
