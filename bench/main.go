// Command bench measures goldthread as its users meet it, each figure beside a
// yardstick that runs in the same minute on the same machine, so that ratios
// can be compared between machines: go run ./bench. It asserts nothing.
//
// The built program is taken from GOLDTHREAD_BIN, else from bin/goldthread.
// With names as arguments it runs only those parts: check, imports, memory.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	parts := []struct {
		name string
		run  func(context.Context) error
	}{{"check", benchCheck}, {"imports", benchImports}, {"memory", benchMemory}}
	for _, p := range parts {
		if len(os.Args) > 1 && !slices.Contains(os.Args[1:], p.name) {
			continue
		}
		if err := p.run(ctx); err != nil {
			fmt.Fprintf(os.Stderr, "bench %s: %v\n", p.name, err)
			os.Exit(1)
		}
	}
}
