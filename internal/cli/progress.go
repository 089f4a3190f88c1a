package cli

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressAfter is how long a command may be silent on a terminal.
const progressAfter = time.Second

// progress draws what a long command is doing, on a terminal and only once it
// takes long. It may be used by several goroutines.
type progress struct {
	mu    sync.Mutex // guards bar and begun
	env   *Environment
	what  string
	begun time.Time
	bar   *progressbar.ProgressBar
}

func (env *Environment) progress(what string) *progress {
	return &progress{env: env, what: what, begun: env.Now()}
}

// step says that n things are done.
func (p *progress) step(n int) {
	if !p.env.Terminal {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar == nil {
		if p.env.Now().Sub(p.begun) < progressAfter {
			return
		}
		p.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(p.env.Stderr), progressbar.OptionSetDescription(p.what),
			progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	_ = p.bar.Set(n) // a terminal that cannot draw is no reason to stop
}

// done takes the drawing away.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
