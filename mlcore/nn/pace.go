package nn

import "time"

// pace finds out whether more cores are of use at the moment: where they have other work, shards that wait for one another
// are slower than one core alone. Nothing but time depends on it.
type pace struct {
	workers int              // that there may be
	batch   int              // since then
	several bool             // the present batch is on all of them
	last    [2]time.Duration // what a batch took of late on one, and on several
}

// probe is how many batches go by between two trials of what was slower.
const probe = 50

// choose says on how many cores to compute the next batch: 1 or most.
func (p *pace) choose(most int) int {
	if most != p.workers {
		*p = pace{workers: most}
	}
	p.several = most > 1
	if p.several && p.last[0] > 0 && p.last[0] < p.last[1] {
		p.several = false
	}
	if p.batch%probe < 2 { // the second of the two is warm
		p.several = !p.several && most > 1
	}
	p.batch++
	if p.several {
		return most
	}
	return 1
}

// took notes what the batch took.
func (p *pace) took(d time.Duration) {
	i := 0
	if p.several {
		i = 1
	}
	if p.last[i] == 0 || d < p.last[i] {
		p.last[i] = d
		return
	}
	p.last[i] += (d - p.last[i]) / 4
}
