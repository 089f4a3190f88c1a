// Package eventlog records what the pump did and what was done to it, for the
// analysis of incidents. Records are only ever added. Each carries the SHA-256
// of itself and of the sum before it, so that a record changed, removed or put
// elsewhere is found. Memory is bounded: a full log forgets its oldest record
// and counts it [62304 5.5.4].
//
// The written form is a line a record, fields between blanks, the detail quoted:
//
//	7 2026-03-02T08:00:00.05Z alarm "occlusion (high)" 8f43…
package eventlog

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind of event.
type Kind string

// Kinds of event.
const (
	Power   Kind = "power"   // start-up and self-test
	Command Kind = "command" // what the user asked for, granted or not
	State   Kind = "state"   // change of state
	Alarm   Kind = "alarm"   // raised or ended
	Fault   Kind = "fault"   // internal fault, with its cause
)

// maxDetail bounds a record; longer details are cut, which shows as "…".
const maxDetail = 240

// maxLine is above the longest written record: every byte of the detail may be
// quoted as four.
const maxLine = 4*maxDetail + 256

// Record is one event.
type Record struct {
	Seq    uint64
	At     time.Time
	Kind   Kind
	Detail string
	Sum    [sha256.Size]byte
}

func (r Record) unsummed() string {
	return fmt.Sprintf("%d %s %s %q", r.Seq, r.At.UTC().Format(time.RFC3339Nano), r.Kind, r.Detail)
}

func (r Record) sumAfter(previous [sha256.Size]byte) [sha256.Size]byte {
	return sha256.Sum256(append(previous[:], r.unsummed()...))
}

// Log is a bounded log in memory that also writes each record to a sink.
// It is not safe for concurrent use; the control loop owns it.
type Log struct {
	sink      io.Writer
	capacity  int
	records   []Record
	anchor    [sha256.Size]byte // sum of the last forgotten record
	last      [sha256.Size]byte // sum of the newest record
	seq       uint64
	forgotten uint64
}

// New makes a log of that capacity, which must be positive.
func New(capacity int, sink io.Writer) (*Log, error) {
	if capacity < 1 {
		return nil, fmt.Errorf("event log of capacity %d: want at least 1", capacity)
	}
	return &Log{sink: sink, capacity: capacity, records: make([]Record, 0, capacity)}, nil
}

// Append adds a record. On an error of the sink the record is kept in memory
// and the error returned: the caller must know, the analysis must not lose it.
//
// goldthread:implements SRS-25, SRS-26
func (l *Log) Append(at time.Time, kind Kind, detail string) error {
	l.seq++
	r := Record{Seq: l.seq, At: at, Kind: kind, Detail: cut(detail)}
	r.Sum = r.sumAfter(l.last)
	l.last = r.Sum
	if len(l.records) == l.capacity {
		l.anchor = l.records[0].Sum
		l.records = append(l.records[:0], l.records[1:]...)
		l.forgotten++
	}
	l.records = append(l.records, r)
	if _, err := fmt.Fprintf(l.sink, "%s %x\n", r.unsummed(), r.Sum); err != nil {
		return fmt.Errorf("write event %d: %w", r.Seq, err)
	}
	return nil
}

// Records returns what the log holds, the oldest first, and how many it forgot.
func (l *Log) Records() ([]Record, uint64) {
	return append([]Record(nil), l.records...), l.forgotten
}

// Verify recomputes every sum.
//
// goldthread:implements SRS-27
func (l *Log) Verify() error {
	if err := verify(l.records, l.anchor, l.forgotten+1); err != nil {
		return err
	}
	if n := len(l.records); n > 0 && l.records[n-1].Sum != l.last {
		return errors.New("the newest event was removed or changed")
	}
	return nil
}

// Read reads a written log from its first record on and verifies it.
//
// goldthread:implements SRS-27
func Read(r io.Reader) ([]Record, error) {
	var records []Record
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, maxLine), maxLine)
	for line := 1; s.Scan(); line++ {
		record, err := parse(s.Text())
		if err != nil {
			return nil, fmt.Errorf("event log line %d: %w", line, err)
		}
		records = append(records, record)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("event log: %w", err)
	}
	return records, verify(records, [sha256.Size]byte{}, 1)
}

func verify(records []Record, sum [sha256.Size]byte, first uint64) error {
	for i, r := range records {
		if want := first + uint64(i); r.Seq != want {
			return fmt.Errorf("event %d stands where event %d belongs", r.Seq, want)
		}
		sum = r.sumAfter(sum)
		if sum != r.Sum {
			return fmt.Errorf("event %d was changed: its checksum does not fit", r.Seq)
		}
	}
	return nil
}

func parse(line string) (Record, error) {
	head := strings.SplitN(line, " ", 4)
	if len(head) < 4 {
		return Record{}, errors.New("want number, time, kind, detail and sum")
	}
	seq, err := strconv.ParseUint(head[0], 10, 64)
	if err != nil {
		return Record{}, fmt.Errorf("number: %w", err)
	}
	at, err := time.Parse(time.RFC3339Nano, head[1])
	if err != nil {
		return Record{}, fmt.Errorf("time: %w", err)
	}
	quoted, err := strconv.QuotedPrefix(head[3])
	if err != nil {
		return Record{}, errors.New("detail is not quoted")
	}
	detail, err := strconv.Unquote(quoted)
	if err != nil {
		return Record{}, fmt.Errorf("detail: %w", err)
	}
	r := Record{Seq: seq, At: at, Kind: Kind(head[2]), Detail: detail}
	sum, err := hex.DecodeString(strings.TrimPrefix(head[3][len(quoted):], " "))
	if err != nil || len(sum) != len(r.Sum) {
		return Record{}, errors.New("sum is not 64 hex digits")
	}
	copy(r.Sum[:], sum)
	return r, nil
}

// cut bounds a detail at the start of a character.
func cut(s string) string {
	if len(s) <= maxDetail {
		return s
	}
	end := maxDetail
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
