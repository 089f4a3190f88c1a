package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/service"
)

// demoAddress is where the demonstration is served by default.
const demoAddress = "127.0.0.1:6230"

// demoProject is the name of the worked example.
const demoProject = "infusion-pump"

func demoCommand(env *Environment) *cobra.Command {
	var data, listen string
	var asJSON bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "show the worked example as pages, on a ledger of its own",
		Long: `demo takes the worked example, an infusion pump, into a ledger in the data folder
and serves its pages until you stop it. It prints the address of the project's page
on standard output. What is in the data folder is used again the next time; the
text of the example is there too, in the folder example.`,
		Example: "  goldthread demo\n  goldthread demo --data /tmp/pump --listen 127.0.0.1:0",
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			folder, err := env.dataFolder(data, "demo")
			if err != nil {
				return err
			}
			return env.demo(cmd.Context(), folder, listen, asJSON)
		},
	}
	c.Flags().StringVar(&data, "data", "", "folder of the ledger (default: one below the settings of the user)")
	c.Flags().StringVar(&listen, "listen", demoAddress, "address to serve on; port 0 takes a free one")
	c.Flags().BoolVar(&asJSON, "json", false, "print the address as JSON")
	_ = c.MarkFlagDirname("data")
	return c
}

// dataFolder is the folder that --data names, else the default one for a purpose.
func (env *Environment) dataFolder(data, purpose string) (string, error) {
	switch {
	case data != "":
		return env.path(data), nil
	case env.DataDir == "":
		return "", fault.Newf(fault.Invalid, "the system names no folder for the data of a user").WithHint("--data DIR")
	}
	return filepath.Join(env.DataDir, purpose), nil
}

func (env *Environment) demo(ctx context.Context, folder, listen string, asJSON bool) error {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fault.New(fault.Invalid, "cannot serve on "+listen, err).WithHint("goldthread demo --listen 127.0.0.1:0")
	}
	defer listener.Close()
	svc, closeService, err := env.OpenService(ctx, folder)
	if err != nil {
		return err
	}
	defer func() {
		if err := closeService(); err != nil {
			env.Log.Error("close the data folder", "error", err)
		}
	}()
	if err := env.takeExample(ctx, svc, folder); err != nil {
		return err
	}
	url := "http://" + listener.Addr().String() + "/projects/" + demoProject
	if asJSON {
		if err := writeJSON(env.Stdout, map[string]string{"url": url, "data": folder}); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(env.Stdout, url)
	}
	fmt.Fprintf(env.Stderr, "goldthread: serving %s from %s; stop with Ctrl-C\n", demoProject, folder)
	return env.serve(ctx, listener, env.Pages(svc))
}

// takeExample takes the worked example in, unless the ledger has it.
func (env *Environment) takeExample(ctx context.Context, svc *service.Service, data string) error {
	known, err := svc.Has(ctx, demoProject)
	if err != nil || known {
		return err
	}
	dir := filepath.Join(data, "example")
	if err := extract(env.Example, dir); err != nil {
		return fault.New(fault.Invalid, "cannot write the example to "+dir, err)
	}
	f, err := env.open(ctx, dir, openOptions{})
	if err != nil {
		return err
	}
	cmd, err := f.takeIn()
	if err != nil {
		return err
	}
	return svc.TakeIn(ctx, cmd)
}

// takeIn is the command that takes a folder into a ledger as it was read, with
// the files that its records name.
func (f *folder) takeIn() (service.TakeIn, error) {
	cmd := service.TakeIn{Settings: record.Settings{Title: f.text.Config.Title, Schema: f.text.Config.Raw}, Operations: f.draft.Operations(),
		Command: service.Command{Project: f.text.Config.Project, Actor: service.LocalActor, Channel: "workspace", Idempotency: "take in " + f.text.Config.Project,
			Reason: "taken in from " + filepath.Base(absolute(f.dir))}}
	known := map[record.Hash]bool{}
	add := func(file record.File) {
		if !known[file.Hash] {
			known[file.Hash] = true
			name := filepath.Join(f.dir, filepath.FromSlash(file.Name))
			cmd.Files = append(cmd.Files, service.File{File: file, Open: func() (io.ReadCloser, error) { return os.Open(name) }})
		}
	}
	for _, op := range cmd.Operations {
		switch op := op.(type) {
		case record.PutItem:
			for _, file := range op.Item.Files {
				add(file)
			}
		case record.AttachEvidence:
			add(op.Report)
		}
	}
	return cmd, nil
}

// extract writes the files of an embedded folder; what is there is replaced.
func extract(source fs.FS, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if d.IsDir() {
			return root.MkdirAll(name, 0o777)
		}
		data, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		return root.WriteFile(name, data, 0o666)
	})
}

// Limits of one connection, so that a slow or silent client costs nothing.
const (
	headerTimeout = 10 * time.Second
	writeTimeout  = 2 * time.Minute
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 5 * time.Second
	maxHeader     = 64 << 10
)

// serve answers requests until ctx ends.
func (env *Environment) serve(ctx context.Context, listener net.Listener, pages http.Handler) error {
	server := &http.Server{Handler: pages, ReadHeaderTimeout: headerTimeout, ReadTimeout: headerTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) }}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		stopped <- server.Shutdown(end)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fault.New(fault.Internal, "the server stopped", err)
	}
	return <-stopped
}
