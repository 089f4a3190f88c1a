package keyfile_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/keyfile"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

func generate(t *testing.T) *keyfile.Key {
	t.Helper()
	k, err := keyfile.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// saved is a new key in a new file.
func saved(t *testing.T, passphrase string) (*keyfile.Key, string) {
	t.Helper()
	k, path := generate(t), filepath.Join(t.TempDir(), "below", "key")
	if err := k.Save(path, "ann@example.org", []byte(passphrase)); err != nil {
		t.Fatal(err)
	}
	return k, path
}

func saying(passphrase string) keyfile.Options {
	return keyfile.Options{Passphrase: func(string) ([]byte, error) { return []byte(passphrase), nil }}
}

// signs has a signer make a whole signature, which is checked.
func signs(t *testing.T, s signature.Signer) {
	t.Helper()
	person := record.Membership{Person: record.ID{1}, Name: "Ann", Credentials: []record.Credential{s.Credential()}}
	op := record.Sign{Person: person.Person, Name: "Ann", Meaning: record.MeaningReview, Time: "2026-11-25T12:00:00.000000Z"}
	if _, err := signature.Complete(op, "example.org/pump", person, s); err != nil {
		t.Error(err)
	}
}

// goldthread:verifies SRS-108
func TestAKeyComesBackFromItsFile(t *testing.T) {
	for _, passphrase := range []string{"", "correct horse", "grüße 🗝"} {
		k, path := saved(t, passphrase)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode() != 0o600 {
			t.Errorf("%q: mode %v", passphrase, info.Mode())
		}
		public, err := keyfile.Look(path)
		if want := (keyfile.Public{Credential: k.Credential(), Private: true, Protected: passphrase != ""}); err != nil || public != want {
			t.Errorf("%q: %+v, %v, want %+v", passphrase, public, err, want)
		}
		s, err := keyfile.Open(path, saying(passphrase))
		if err != nil {
			t.Fatal(err)
		}
		if s.Credential() != k.Credential() {
			t.Errorf("%q: another key came back", passphrase)
		}
		signs(t, s)
	}
}

// goldthread:verifies SRS-108
func TestAKeyIsNotOverwritten(t *testing.T) {
	_, path := saved(t, "")
	before, _ := os.ReadFile(path)
	if err := generate(t).Save(path, "", nil); !errors.Is(err, fault.Conflict) || fault.Hint(err) == "" {
		t.Error(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(t.TempDir(), "elsewhere"), link); err == nil {
		if err := generate(t).Save(link, "", nil); !errors.Is(err, fault.Conflict) {
			t.Errorf("a link that leads nowhere: %v", err)
		}
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the key has changed")
	}
}

// goldthread:verifies SRS-108
func TestWhatIsNoKeyOfOurs(t *testing.T) {
	_, plain := saved(t, "")
	_, protected := saved(t, "secret")
	text, _ := os.ReadFile(plain)
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	never := keyfile.Options{Passphrase: func(string) ([]byte, error) {
		return nil, fault.Newf(fault.Denied, "no")
	}}
	for _, tt := range []struct {
		sentence, path string
		o              keyfile.Options
		kind           fault.Kind
		want           string
	}{
		{"nothing", filepath.Join(dir, "nothing"), never, fault.NotFound, "there is no key"},
		{"a folder", dir, never, fault.Invalid, "is a folder"},
		{"an empty file", file("empty", "", 0o600), never, fault.Invalid, "this is not the line of a public key"},
		{"readable by a group", file("group", string(text), 0o640), never, fault.Denied, "can be read by others (mode 0640)"},
		{"readable by all", file("all", string(text), 0o604), never, fault.Denied, "can be read by others (mode 0604)"},
		{"cut off", file("cut", string(text[:len(text)/2]), 0o600), never, fault.Invalid, "is damaged"},
		{"two keys", file("two", string(text)+string(text), 0o600), never, fault.Invalid, "is damaged"},
		{"another kind of PEM", file("pem", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n", 0o600), never, fault.Invalid, `no key file of OpenSSH but "PRIVATE KEY"`},
		{"nonsense in the right clothes", file("nonsense", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", 0o600), never, fault.Invalid, "cannot be read as a private key"},
		{"far too large", file("large", strings.Repeat("x", 1<<20), 0o600), never, fault.Invalid, "is too large for a key"},
		{"a wrong passphrase", protected, saying("secreT"), fault.Denied, "the passphrase does not open"},
		{"an empty passphrase", protected, saying(""), fault.Denied, "the passphrase does not open"},
		{"nobody to be asked", protected, keyfile.Options{}, fault.Denied, "nobody can be asked for it"},
		{"who is asked gives up", protected, never, fault.Denied, "no"},
		{"a public key without an agent", file("key.pub", generate(t).Credential().Public+" ann", 0o644), never, fault.Unavailable, "no ssh-agent is running"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.HasPrefix(tt.sentence, "readable") {
				t.Skip("modes of files mean something else here")
			}
			_, err := keyfile.Open(tt.path, tt.o)
			if fault.KindOf(err) != tt.kind || !strings.Contains(fault.Sentence(err), tt.want) {
				t.Errorf("%s: %v, want %s: %s", fault.KindOf(err), err, tt.kind, tt.want)
			}
		})
	}
}

// TestKeysOfSSHKeygen reads the files that people have, and has ssh-keygen read ours.
//
// goldthread:verifies SRS-108
func TestKeysOfSSHKeygen(t *testing.T) {
	program, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("ssh-keygen is not here: that it and we read each other's keys was not tested")
	}
	dir := t.TempDir()
	sshKeygen := func(name string, args ...string) string {
		path := filepath.Join(dir, name)
		if out, err := exec.Command(program, append([]string{"-q", "-C", "Ann Weiß", "-f", path}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return path
	}
	for _, passphrase := range []string{"", "correct horse"} {
		path := sshKeygen("ed25519"+passphrase, "-t", "ed25519", "-N", passphrase)
		s, err := keyfile.Open(path, saying(passphrase))
		if err != nil {
			t.Fatal(err)
		}
		signs(t, s)
		public, err := keyfile.Look(path + ".pub")
		if want := (keyfile.Public{Credential: s.Credential(), Comment: "Ann Weiß"}); err != nil || public != want {
			t.Errorf("%+v, %v, want %+v", public, err, want)
		}
		out, err := exec.Command(program, "-lf", path+".pub").Output()
		if fingerprint, _ := signature.Fingerprint(s.Credential()); err != nil || !strings.Contains(string(out), " "+fingerprint+" ") {
			t.Errorf("ssh-keygen says %s, we %s", out, fingerprint)
		}

		k, ours := saved(t, passphrase)
		out, err = exec.Command(program, "-y", "-P", passphrase, "-f", ours).CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != k.Credential().Public+" ann@example.org" {
			t.Errorf("ssh-keygen reads our key as %s, %v", out, err)
		}
	}
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"rsa", []string{"-t", "rsa", "-b", "2048", "-N", ""}, "is a key of the type ssh-rsa, which cannot sign here"},
		{"rsa protected", []string{"-t", "rsa", "-b", "2048", "-N", "secret"}, "is a key of the type ssh-rsa, which cannot sign here"},
		{"ecdsa", []string{"-t", "ecdsa", "-N", ""}, "is a key of the type ecdsa-sha2-nistp256, which cannot sign here"},
		{"old format", []string{"-t", "rsa", "-b", "2048", "-N", "", "-m", "PEM"}, `is no key file of OpenSSH but "RSA PRIVATE KEY"`},
	} {
		path := sshKeygen(tt.name, tt.args...)
		if _, err := keyfile.Open(path, keyfile.Options{}); !errors.Is(err, fault.Invalid) || !strings.Contains(fault.Sentence(err), tt.want) || fault.Hint(err) == "" {
			t.Errorf("%s: %v", tt.name, err)
		}
		if _, err := keyfile.Look(path + ".pub"); !errors.Is(err, fault.Invalid) || !strings.Contains(fault.Sentence(err), "cannot sign here") || fault.Hint(err) == "" {
			t.Errorf("%s.pub: %v", tt.name, err)
		}
	}
}

// serve runs an agent in this process.
func serve(t *testing.T, a agent.Agent) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip("no sockets here:", err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); _ = agent.ServeAgent(a, conn) }()
		}
	}()
	return socket
}

// goldthread:verifies SRS-108
func TestAnAgentSigns(t *testing.T) {
	keyring := agent.NewKeyring()
	socket := serve(t, keyring)
	_, path := saved(t, "")
	public, err := keyfile.Look(path)
	if err != nil {
		t.Fatal(err)
	}
	pub := path + ".pub"
	if err := os.WriteFile(pub, []byte(public.Credential.Public+" ann\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := keyfile.Open(pub, keyfile.Options{Agent: socket}); !errors.Is(err, fault.Denied) || !strings.Contains(err.Error(), "does not hold the key SHA256:") {
		t.Errorf("an agent without the key: %v", err)
	}
	if _, err := keyfile.Open(pub, keyfile.Options{Agent: socket + "x"}); !errors.Is(err, fault.Unavailable) {
		t.Errorf("no agent behind the socket: %v", err)
	}
	data, _ := os.ReadFile(path)
	raw, err := ssh.ParseRawPrivateKey(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := keyring.Add(agent.AddedKey{PrivateKey: raw}); err != nil {
		t.Fatal(err)
	}
	s, err := keyfile.Open(pub, keyfile.Options{Agent: socket})
	if err != nil {
		t.Fatal(err)
	}
	signs(t, s)
	if err := keyring.RemoveAll(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign([]byte("x")); !errors.Is(err, fault.Denied) {
		t.Errorf("an agent that has lost the key: %v", err)
	}
}

// TestTheAgentOfOpenSSH has the program that people have sign.
//
// goldthread:verifies SRS-108
func TestTheAgentOfOpenSSH(t *testing.T) {
	program, err := exec.LookPath("ssh-agent")
	add, err2 := exec.LookPath("ssh-add")
	if errors.Join(err, err2) != nil {
		t.Skip("ssh-agent and ssh-add are not here: that we sign through them was not tested")
	}
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	running := exec.Command(program, "-D", "-a", socket)
	if err := running.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Process.Kill(); _ = running.Wait() })
	k, path := saved(t, "")
	var out []byte
	for range 100 { // until it listens
		c := exec.Command(add, "-q", path)
		c.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket)
		if out, err = c.CombinedOutput(); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s, err := keyfile.Agent(socket, k.Credential())
	if err != nil {
		t.Fatal(err)
	}
	signs(t, s)
}

func TestPassphrasesInFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passphrase")
	for _, tt := range []struct {
		text, want string
		mode       os.FileMode
		kind       fault.Kind
	}{
		{"secret\n", "secret", 0o600, 0}, {"secret", "secret", 0o400, 0}, {"two words \r\n", "two words ", 0o600, 0},
		{"", "", 0o600, fault.Invalid}, {"\n", "", 0o600, fault.Invalid}, {"two\nlines\n", "", 0o600, fault.Invalid}, {"secret\n", "", 0o644, fault.Denied},
	} {
		os.Remove(path)
		if err := os.WriteFile(path, []byte(tt.text), tt.mode); err != nil {
			t.Fatal(err)
		}
		got, err := keyfile.Passphrase(path)
		if string(got) != tt.want || fault.KindOf(err) != tt.kind {
			t.Errorf("%q with mode %o: %q, %v", tt.text, tt.mode, got, err)
		}
	}
	if _, err := keyfile.Passphrase(path + "x"); !errors.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "cannot read the passphrase") {
		t.Error(err)
	}
}
