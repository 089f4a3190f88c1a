package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

// desk is where a person works with a key: a folder, variables, and what is typed when a passphrase is asked for.
type desk struct {
	dir       string
	variables map[string]string
	typed     []string
	asked     []string
	terminal  bool
}

func (d *desk) environment(args ...string) (*Environment, *bytes.Buffer, *bytes.Buffer) {
	var out, talk bytes.Buffer
	env := &Environment{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &talk, Dir: d.dir, Random: rand.Reader, User: "Ann Weiß",
		KeyFile: filepath.Join(d.dir, "settings", "key"), Getenv: func(name string) string { return d.variables[name] }}
	if d.terminal {
		env.AskPassphrase = func(_ context.Context, prompt string) ([]byte, error) {
			d.asked = append(d.asked, prompt)
			if len(d.typed) == 0 {
				return nil, fault.Newf(fault.Denied, "no passphrase was given")
			}
			next := d.typed[0]
			d.typed = d.typed[1:]
			return []byte(next), nil
		}
	}
	return env, &out, &talk
}

func (d *desk) ask(t *testing.T, args ...string) answer {
	t.Helper()
	env, out, talk := d.environment(args...)
	return answer{Exit: Run(t.Context(), env), Out: out.String(), Talk: talk.String()}
}

// goldthread:verifies SRS-108
func TestANewKey(t *testing.T) {
	for _, tt := range []struct {
		sentence  string
		desk      desk
		args      []string
		exit      int
		talk      string // what is told
		file      string // where the key is then
		protected bool
		asked     int
	}{
		{"asked twice on the terminal", desk{terminal: true, typed: []string{"secret", "secret"}}, nil, 0, "wrote ", "settings/key", true, 2},
		{"mistyped", desk{terminal: true, typed: []string{"secret", "secreT"}}, nil, 2, "the two passphrases differ; no key was made", "", false, 2},
		{"empty", desk{terminal: true, typed: []string{""}}, nil, 2, "an empty passphrase protects nothing", "", false, 1},
		{"given up", desk{terminal: true}, nil, 3, "no passphrase was given", "", false, 1},
		{"nobody there", desk{}, nil, 2, "hint: --passphrase-file FILE", "", false, 0},
		{"from the environment", desk{variables: map[string]string{"GOLDTHREAD_PASSPHRASE": "secret"}, terminal: true}, nil, 0, "wrote ", "settings/key", true, 0},
		{"from a file", desk{variables: map[string]string{"GOLDTHREAD_PASSPHRASE": "other"}}, []string{"--passphrase-file", "passphrase"}, 0, "wrote ", "settings/key", true, 0},
		{"from a file that is not there", desk{}, []string{"--passphrase-file", "nothing"}, 2, "cannot read the passphrase", "", false, 0},
		{"left open on purpose", desk{}, []string{"--no-passphrase"}, 0, "wrote ", "settings/key", false, 0},
		{"both", desk{}, []string{"--no-passphrase", "--passphrase-file", "passphrase"}, 2, "contradict each other", "", false, 0},
		{"elsewhere", desk{}, []string{"--no-passphrase", "--out", "my/own"}, 0, "wrote ", "my/own", false, 0},
		{"where the environment says", desk{variables: map[string]string{"GOLDTHREAD_KEY": "mine"}}, []string{"--no-passphrase"}, 0, "wrote ", "mine", false, 0},
		{"over another file", desk{terminal: true}, []string{"--out", "passphrase"}, 2, "is there already", "", false, 0},
		{"with a comment of two lines", desk{}, []string{"--no-passphrase", "--comment", "a\nb"}, 2, "the comment of a key is one line", "", false, 0},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			d := tt.desk
			d.dir = t.TempDir()
			if err := os.WriteFile(filepath.Join(d.dir, "passphrase"), []byte("secret\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			a := d.ask(t, append([]string{"key", "new"}, tt.args...)...)
			if a.Exit != tt.exit || !strings.Contains(a.Talk, tt.talk) || len(d.asked) != tt.asked {
				t.Fatalf("exit %d, asked %q, talk %s", a.Exit, d.asked, a.Talk)
			}
			if tt.file == "" {
				if _, err := os.Stat(filepath.Join(d.dir, "settings")); err == nil || a.Out != "" {
					t.Errorf("something was left behind, or said: %q", a.Out)
				}
				return
			}
			path := filepath.Join(d.dir, filepath.FromSlash(tt.file))
			if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
				t.Fatalf("%v, %v", info, err)
			}
			shown := d.ask(t, "key", "show", "--json", path)
			var report keyReport
			if err := json.Unmarshal([]byte(shown.Out), &report); err != nil {
				t.Fatal(err)
			}
			if report.Public+"\n" != a.Out || report.Protected != tt.protected || !report.Private || !strings.Contains(a.Talk, report.Fingerprint) {
				t.Errorf("made %s, shown %+v", a.Out, report)
			}
		})
	}
}

// goldthread:verifies SRS-108
func TestTheKeyThatSigns(t *testing.T) {
	d := desk{dir: t.TempDir(), variables: map[string]string{}, terminal: true, typed: []string{"secret", "secret"}}
	made := d.ask(t, "key", "new")
	if made.Exit != 0 {
		t.Fatal(made.Talk)
	}
	open := func(o keyOptions) (signature.Signer, error) {
		env, _, _ := d.environment()
		return env.signer(t.Context(), o)
	}
	d.asked, d.typed = nil, []string{"secret"}
	s, err := open(keyOptions{})
	if err != nil || s.Credential().Public+"\n" != made.Out || len(d.asked) != 1 || !strings.HasPrefix(d.asked[0], "passphrase of ") {
		t.Fatalf("%v, asked %q", err, d.asked)
	}
	person := record.Membership{Person: record.ID{1}, Name: "Ann", Credentials: []record.Credential{s.Credential()}}
	if _, err := signature.Complete(record.Sign{Person: record.ID{1}, Name: "Ann", Meaning: record.MeaningReview}, "pump", person, s); err != nil {
		t.Error(err)
	}
	d.typed = []string{"wrong"}
	if _, err := open(keyOptions{}); fault.KindOf(err) != fault.Denied {
		t.Errorf("a wrong passphrase: %v", err)
	}
	d.terminal = false
	if _, err := open(keyOptions{}); fault.KindOf(err) != fault.Denied || !strings.Contains(fault.Hint(err), "--passphrase-file") {
		t.Errorf("nobody there: %v", err)
	}
	d.variables["GOLDTHREAD_PASSPHRASE"] = "secret"
	if _, err := open(keyOptions{}); err != nil {
		t.Errorf("from the environment: %v", err)
	}
	d.variables["GOLDTHREAD_KEY"] = "nowhere"
	if _, err := open(keyOptions{}); fault.KindOf(err) != fault.NotFound || !strings.Contains(fault.Hint(err), "goldthread key new") {
		t.Errorf("the environment names another: %v", err)
	}
	var flags keyOptions
	c := &cobra.Command{}
	flags.flags(c)
	if err := c.ParseFlags([]string{"--key", "settings/key", "--passphrase-file", "passphrase"}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.dir, "passphrase"), []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.variables["GOLDTHREAD_PASSPHRASE"] = "wrong"
	if _, err := open(flags); err != nil {
		t.Errorf("the flags win: %v", err)
	}
}

func TestWhatKeyShowSays(t *testing.T) {
	d := desk{dir: t.TempDir()}
	made := d.ask(t, "key", "new", "--no-passphrase", "--json")
	var report keyReport
	if err := json.Unmarshal([]byte(made.Out), &report); err != nil {
		t.Fatal(err)
	}
	if a := d.ask(t, "key", "show"); a.Exit != 0 || a.Out != report.Public+"\n" || a.Talk != "fingerprint "+report.Fingerprint+", private key without a passphrase: whoever has the file can sign in your name\n" {
		t.Errorf("%+v", a)
	}
	if err := os.WriteFile(filepath.Join(d.dir, "key.pub"), []byte(report.Public+" ann\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if a := d.ask(t, "key", "show", "key.pub"); a.Exit != 0 || a.Out != report.Public+"\n" || !strings.Contains(a.Talk, "ssh-agent signs with it") {
		t.Errorf("%+v", a)
	}
	if a := d.ask(t, "key", "show", "nothing"); a.Exit != 2 || !strings.Contains(a.Talk, "hint: make one: goldthread key new") {
		t.Errorf("%+v", a)
	}
	if a := d.ask(t, "key", "shew"); a.Exit != 2 || !strings.Contains(a.Talk, "there is no command \"shew\" below key") {
		t.Errorf("%+v", a)
	}
	var nowhere Environment
	if _, err := nowhere.keyFile(""); fault.KindOf(err) != fault.Invalid || fault.Hint(err) == "" {
		t.Errorf("no place for settings: %v", err)
	}
}
