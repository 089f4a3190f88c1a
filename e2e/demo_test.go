package e2e

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestDemo starts the demonstration twice on one data folder: the first start
// takes the example in, the second finds it there.
func TestDemo(t *testing.T) {
	bin := os.Getenv("GOLDTHREAD_BIN")
	if bin == "" {
		t.Skip("GOLDTHREAD_BIN does not name the built program: run make test")
	}
	data := t.TempDir()
	first := demoPages(t, bin, data)
	second := demoPages(t, bin, data)
	for name, page := range first {
		if !strings.Contains(page, "SRS-12") {
			t.Errorf("the page %s does not speak of SRS-12:\n%.2000s", name, page)
		}
		if len(second[name]) == 0 {
			t.Errorf("the second start has no page %s", name)
		}
	}
}

// demoPages runs the demonstration, reads two pages, and stops it as a user does.
func demoPages(t *testing.T, bin, data string) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "demo", "--data", data, "--listen", "127.0.0.1:0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the program printed no address: %v", err)
	}
	url = strings.TrimSpace(url)
	pages := map[string]string{}
	for _, page := range []string{"", "/items/SRS-12"} {
		pages[page] = get(t, url+page)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("stopping the program: %v", err)
	}
	return pages
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	return string(body)
}
