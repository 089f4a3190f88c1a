// Command goldthread carries medical device software through IEC 62304. It puts
// the program together: the command line, the store and the pages.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"

	pump "github.com/goldthread/goldthread/examples/infusion-pump"
	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/cli"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger/sqlite"
	"github.com/goldthread/goldthread/internal/service"
	"github.com/goldthread/goldthread/internal/web"
)

// collectAt lets the heap grow to five times what lives before it is collected:
// commands are short, and a folder is read into memory that stays.
const collectAt = 400

func main() {
	collect(collectAt)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, environment())
	stop()
	os.Exit(code)
}

// collect sets when memory is collected, unless the user has set it.
func collect(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

func environment() *cli.Environment {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	env := &cli.Environment{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Dir: dir, Version: version(),
		Now: time.Now, Random: rand.Reader, Collect: collect, Log: log, OpenService: openService, Example: pump.Files(),
		Getenv: os.Getenv}
	if _, done, err := terminal(); err == nil {
		done()
		env.AskPassphrase = askPassphrase
	}
	env.Pages = func(s *service.Service) http.Handler {
		return web.New(web.Config{Service: s, Version: env.Version, Log: log, Now: time.Now})
	}
	if config, err := os.UserConfigDir(); err == nil {
		env.DataDir = filepath.Join(config, "goldthread")
		env.KeyFile = filepath.Join(env.DataDir, "key")
	}
	if fd := int(os.Stderr.Fd()); term.IsTerminal(fd) && os.Getenv("TERM") != "dumb" {
		env.Terminal = true
		env.Width, _, _ = term.GetSize(fd)
	}
	if u, err := user.Current(); err == nil {
		env.User = u.Username
		if u.Name != "" {
			env.User = u.Name
		}
	}
	return env
}

// version names the build: the module version, else the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "commit " + s.Value
		}
	}
	return "built from source"
}

// openService opens the ledger and the files of a data folder.
func openService(ctx context.Context, folder string) (*service.Service, func() error, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, nil, fault.New(fault.Invalid, "cannot make the data folder "+folder, err)
	}
	store, err := sqlite.Open(ctx, folder)
	if err != nil {
		return nil, nil, fmt.Errorf("open the ledger in %s: %w", folder, err)
	}
	blobs, err := blob.OpenFolder(filepath.Join(folder, service.BlobsFolder))
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	keys, err := service.OpenKeys(filepath.Join(folder, service.KeysFolder), rand.Reader)
	if err != nil {
		return nil, nil, errors.Join(err, blobs.Close(), store.Close())
	}
	s := service.New(service.Config{Store: store, Blobs: blobs, Now: time.Now, Random: rand.Reader, Keys: keys})
	return s, func() error { return errors.Join(s.Close(), blobs.Close(), keys.Close()) }, nil
}
