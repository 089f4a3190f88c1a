// Command pump runs the controller of the infusion pump on simulated hardware
// through a scripted day on the ward: limits, priming, a bolus, an occlusion, an
// air bubble, and a control loop that hangs. Simulated time runs at full speed.
//
//	go run ./examples/infusion-pump/cmd/pump [-log]
//
// With -log it prints the event log at the end. It exits with 1 when the pump
// does not do what the script expects.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
)

//go:embed ward.druglib
var library []byte

func main() {
	events := flag.Bool("log", false, "print the event log at the end")
	flag.Parse()
	var log io.Writer = io.Discard
	if *events {
		log = os.Stdout
	}
	if err := run(os.Stdout, log); err != nil {
		fmt.Fprintln(os.Stderr, "pump:", err)
		os.Exit(1)
	}
}
