package signature_test

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

// signaturesPage is where the bytes are promised to strangers.
const signaturesPage = "../../docs/signatures.md"

// exampleSeed is the private half of the key of the page's example.
const exampleSeed = "goldthread documentation example"

// pageOrigin is the name of the ledger of the page's example.
const pageOrigin = "goldthread/3b0c91f2d8a7465e90b1c2d3e4f50617"

// marked returns the fenced block that follows a marker in the page.
func marked(t *testing.T, page, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "<!-- "+name+" -->\n```")
	_, rest, opened := strings.Cut(rest, "\n")
	block, _, closed := strings.Cut(rest, "\n```")
	if !ok || !opened || !closed {
		t.Fatalf("%s has no block %q", signaturesPage, name)
	}
	return block
}

// pageExample is the signature of the page: of the item whose hashes docs/hashes.md explains.
func pageExample(t *testing.T) record.Sign {
	t.Helper()
	content, err := record.ParseHash(record.ContentScheme, "h1:680951da66f8808ea4133c2ee339dd92f2ce527e4866ce3c359a84c033a9593c")
	if err != nil {
		t.Fatal(err)
	}
	links, err := record.ParseHash(record.LinkScheme, "l1:c6a34eea5c147ce0bf4af8435c4941f8b0213930afacd5e1d1c52fed92244476")
	if err != nil {
		t.Fatal(err)
	}
	signer := testSigner{ed25519.NewKeyFromSeed([]byte(exampleSeed))}
	ann := record.Membership{Person: record.ProvisionalID("Ann Weiß"), Name: "Ann Weiß", Credentials: []record.Credential{signer.Credential()}}
	op := record.Sign{Person: ann.Person, Name: ann.Name, Meaning: record.MeaningApproval, Stream: record.Main, Entry: 41, Text: "Limits as measured in report 7.",
		Time:  record.FormatTime(time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC)),
		Items: []record.SignedItem{{ID: record.ProvisionalID("SRS-12"), Key: "SRS-12", Revision: 3, Content: content, Links: links}}}
	op, err = signature.Complete(op, pageOrigin, ann, signer)
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func readPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(signaturesPage)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// goldthread:verifies SRS-102
func TestTheExampleOfThePage(t *testing.T) {
	page, op := readPage(t), pageExample(t)
	for _, tt := range []struct{ block, want string }{
		{"operation", string(record.EncodeOperation(op))},
		{"signed bytes", string(op.SignedBytes(pageOrigin))},
		{"signature", strings.TrimSuffix(op.Signature, "\n")},
		{"allowed signers", `ann namespaces="goldthread" ` + op.Credential.Public},
		{"printed", signature.Line(op)},
	} {
		if d := cmp.Diff(tt.want, marked(t, page, tt.block)); d != "" {
			t.Errorf("%s (-program +page):\n%s", tt.block, d)
		}
	}
	fingerprint, err := signature.Fingerprint(op.Credential)
	if err != nil || !strings.Contains(page, fingerprint) {
		t.Errorf("the page does not name the fingerprint %s", fingerprint)
	}
}

// TestTheCommandsOfThePage follows the page as a stranger would: files out of its blocks, its lines of Python, its command.
//
// goldthread:verifies SRS-102
func TestTheCommandsOfThePage(t *testing.T) {
	for _, program := range []string{"bash", "ssh-keygen"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not here: the commands of the page were not tested")
		}
	}
	page, dir := readPage(t), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("operation.json", marked(t, page, "operation"))
	write("signed", marked(t, page, "signed bytes"))
	write("signature", marked(t, page, "signature")+"\n")
	write("allowed", marked(t, page, "allowed signers")+"\n")
	run := func(program, command string) (string, error) {
		c := exec.Command(program, "-c", command)
		c.Dir = dir
		out, err := c.CombinedOutput()
		return string(out), err
	}
	verify := marked(t, page, "verify")
	if out, err := run("bash", verify); err != nil || out != marked(t, page, "answer")+"\n" {
		t.Errorf("%s\n%v\n%s", verify, err, out)
	}
	signed, _ := os.ReadFile(filepath.Join(dir, "signed"))
	write("signed", strings.Replace(string(signed), "approval", "review", 1))
	if out, err := run("bash", verify); err == nil {
		t.Errorf("other bytes are taken: %s", out)
	}
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not here: the lines of Python of the page were not tested")
	}
	for _, name := range []string{"signed", "signature"} {
		os.Remove(filepath.Join(dir, name))
	}
	if out, err := run("python3", marked(t, page, "python")); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	again, err := os.ReadFile(filepath.Join(dir, "signed"))
	if err != nil || !bytes.Equal(again, signed) {
		t.Errorf("the lines of Python make %s, %v", again, err)
	}
	if out, err := run("bash", verify); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestThePageNamesEveryWord(t *testing.T) {
	page := readPage(t)
	for _, m := range signature.Meanings() {
		if !strings.Contains(page, "| `"+string(m)+"` |") {
			t.Errorf("the page does not explain the meaning %s", m)
		}
	}
	for _, word := range []string{string(signature.Valid), string(signature.Superseded), string(signature.Retired), string(signature.SelfVerifying), string(signature.ServerAttested)} {
		if !strings.Contains(page, "**"+word+"**") {
			t.Errorf("the page does not explain %q", word)
		}
	}
}
