package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// sizes are numbers of software requirements; the second is ten times the
// first, so that the growth can be seen.
var sizes = []int{10_000, 100_000}

// benchCheck times `goldthread check` on synthetic projects, beside reading and
// hashing every byte of the same folder on all processors: no check can be
// faster than that.
func benchCheck(ctx context.Context) error {
	program, err := builtProgram()
	if err != nil {
		return err
	}
	fmt.Printf("check of a synthetic project, medians; yardstick: read and hash the same files\n")
	fmt.Printf("%12s %8s %8s %12s %10s %12s %8s %10s\n", "requirements", "files", "MB", "check", "memory", "yardstick", "ratio", "growth")
	var last time.Duration
	for _, n := range sizes {
		took, err := checkSize(ctx, program, n, last)
		if err != nil {
			return err
		}
		last = took
	}
	return nil
}

// builtProgram is the path of the program that is measured.
func builtProgram() (string, error) {
	program := os.Getenv("GOLDTHREAD_BIN")
	if program == "" {
		program = "bin/goldthread"
	}
	if _, err := os.Stat(program); err != nil {
		return "", fmt.Errorf("there is no built program: make build: %w", err)
	}
	return program, nil
}

func checkSize(ctx context.Context, program string, n int, smaller time.Duration) (time.Duration, error) {
	dir, err := os.MkdirTemp("", "goldthread-bench")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	size, err := synthesise(dir, n)
	if err != nil {
		return 0, err
	}
	if _, _, err := run(ctx, program, "fmt", dir); err != nil {
		return 0, err
	}
	var check, yardstick times
	var memory int64
	var files int
	for range 9 {
		took, peak, err := run(ctx, program, "check", dir)
		if err != nil {
			return 0, err
		}
		check, memory = append(check, took), max(memory, peak)
		begun := time.Now()
		if files, err = hashAll(dir); err != nil {
			return 0, err
		}
		yardstick = append(yardstick, time.Since(begun))
	}
	growth := "-"
	if smaller > 0 {
		growth = ratio(check.median(), smaller)
	}
	fmt.Printf("%12d %8d %8.1f %12s %7d MB %12s %8s %10s\n", n, files, float64(size)/1e6, short(check.median()), memory>>20, short(yardstick.median()),
		ratio(check.median(), yardstick.median()), growth)
	return check.median(), nil
}

// run runs the program and returns its time and its largest resident size in
// bytes. A check that finds something is an error: the project is clean.
func run(ctx context.Context, program string, args ...string) (time.Duration, int64, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	begun := time.Now()
	err := cmd.Run()
	took := time.Since(begun)
	if err != nil {
		return 0, 0, fmt.Errorf("%s %v: %w\n%.2000s", program, args, err, out.String())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return took, 0, nil
	}
	return took, usage.Maxrss << 10, nil
}

// hashAll reads and hashes every file, on all processors.
func hashAll(dir string) (int, error) {
	var names []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	work := make(chan string, len(names))
	for _, n := range names {
		work <- n
	}
	close(work)
	var wait sync.WaitGroup
	errs := make([]error, runtime.GOMAXPROCS(0))
	for i := range errs {
		wait.Go(func() {
			for name := range work {
				data, err := os.ReadFile(name)
				if err != nil {
					errs[i] = err
					return
				}
				_ = sha256.Sum256(data)
			}
		})
	}
	wait.Wait()
	return len(names), errors.Join(errs...)
}
