package eventlog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

func filled(t *testing.T, capacity, n int, sink io.Writer) *Log {
	t.Helper()
	l, err := New(capacity, sink)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := l.Append(noon().Add(time.Duration(i)*time.Second), Command, fmt.Sprintf("event %d", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// goldthread:verifies SRS-25, SWU-12
// goldthread:part-of TC-22
func TestWrittenLogReadsBack(t *testing.T) {
	var written bytes.Buffer
	l := filled(t, 10, 3, &written)
	nasty := "blank \" quote \\ line\nbreak µ \x00 \xff"
	if err := l.Append(noon().Add(time.Hour+50*time.Millisecond), Alarm, nasty); err != nil {
		t.Fatal(err)
	}
	got, err := Read(&written)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := l.Records()
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("event %d: got %+v, want %+v", i+1, got[i], want[i])
		}
	}
	if got[3].Detail != nasty || got[3].Kind != Alarm || !got[3].At.Equal(noon().Add(time.Hour+50*time.Millisecond)) {
		t.Errorf("the last event lost something: %+v", got[3])
	}
}

// goldthread:verifies SRS-26, SWU-12
// goldthread:part-of TC-22
func TestLogIsBounded(t *testing.T) {
	l := filled(t, 100, 1234, io.Discard)
	records, forgotten := l.Records()
	if len(records) != 100 || forgotten != 1134 || cap(l.records) > 101 {
		t.Errorf("holds %d of capacity %d, forgot %d, want 100 and 1134", len(records), cap(l.records), forgotten)
	}
	if records[0].Seq != 1135 || records[99].Seq != 1234 {
		t.Errorf("holds events %d to %d, want the newest, 1135 to 1234", records[0].Seq, records[99].Seq)
	}
	if err := l.Verify(); err != nil {
		t.Errorf("a log that forgot does not verify: %v", err)
	}
	if err := l.Append(noon(), Fault, strings.Repeat("µ", 10_000)); err != nil {
		t.Fatal(err)
	}
	records, _ = l.Records()
	if last := records[99].Detail; len(last) > maxDetail+len("…") || !strings.HasSuffix(last, "µ…") {
		t.Errorf("a long detail was kept as %d bytes: %q", len(last), last)
	}
	if _, err := New(0, io.Discard); err == nil {
		t.Error("a log without room was made")
	}
}

// goldthread:verifies SRS-26, SWU-12
// goldthread:part-of TC-22
func TestRecordsCannotBeChangedFromOutside(t *testing.T) {
	l := filled(t, 10, 5, io.Discard)
	records, _ := l.Records()
	records[2].Detail = "nothing happened"
	if err := l.Verify(); err != nil {
		t.Errorf("a change of the copy reached the log: %v", err)
	}
}

// goldthread:verifies SRS-27, SWU-12
// goldthread:part-of TC-22
func TestVerifyFindsEveryTampering(t *testing.T) {
	for _, c := range []struct {
		why    string
		tamper func(*Log)
	}{
		{"a changed detail", func(l *Log) { l.records[2].Detail = "nothing happened" }},
		{"a changed time", func(l *Log) { l.records[2].At = noon() }},
		{"a changed kind", func(l *Log) { l.records[2].Kind = Power }},
		{"a removed event", func(l *Log) { l.records = append(l.records[:2], l.records[3:]...) }},
		{"the newest event removed", func(l *Log) { l.records = l.records[:4] }},
		{"two events exchanged", func(l *Log) { l.records[1], l.records[2] = l.records[2], l.records[1] }},
		{"an event made again with a sum of its own", func(l *Log) {
			l.records[2].Detail = "nothing happened"
			l.records[2].Sum = l.records[2].sumAfter(l.records[1].Sum)
		}},
	} {
		l := filled(t, 5, 8, io.Discard)
		c.tamper(l)
		if l.Verify() == nil {
			t.Errorf("%s: was not found", c.why)
		}
	}
}

// goldthread:verifies SRS-27, SWU-12
// goldthread:part-of TC-22
func TestReadFindsEveryDamagedByte(t *testing.T) {
	var written bytes.Buffer
	filled(t, 10, 3, &written)
	for i := range written.Len() - 1 {
		damaged := bytes.Clone(written.Bytes())
		damaged[i] ^= 1
		if records, err := Read(bytes.NewReader(damaged)); err == nil {
			t.Fatalf("byte %d changed, and the log was taken: %+v", i, records)
		}
	}
	if _, err := Read(strings.NewReader(strings.Repeat("x", 1<<20))); err == nil {
		t.Error("a line of 1 MiB was taken")
	}
}

// goldthread:verifies SRS-26, SWU-12
// goldthread:part-of TC-22
func TestFailingSinkIsReportedAndTheEventKept(t *testing.T) {
	l, err := New(10, full{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Append(noon(), Alarm, "occlusion"); !errors.Is(err, errFull) {
		t.Errorf("got %v, want the error of the sink", err)
	}
	if records, _ := l.Records(); len(records) != 1 || l.Verify() != nil {
		t.Errorf("the event was lost: %v", records)
	}
}

var errFull = errors.New("medium is full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func FuzzRead(f *testing.F) {
	var written bytes.Buffer
	l, err := New(2, &written)
	if err != nil {
		f.Fatal(err)
	}
	if err := l.Append(noon(), Power, "self-test passed"); err != nil {
		f.Fatal(err)
	}
	f.Add(written.Bytes())
	f.Add([]byte("1 2026-03-02T12:00:00Z power \"\" 00\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		records, err := Read(bytes.NewReader(data))
		if err == nil && verify(records, [32]byte{}, 1) != nil {
			t.Error("Read took a log that does not verify")
		}
	})
}
