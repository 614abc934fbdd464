package autograd

import "sync"

// parts runs the halves of large convolutions on two cores. A half is some blocks of samples, the same ones in every
// convolution of one batch size, and reads of the layer before it only these. So the helper need not wait between
// layers: it takes up its halves from a queue, in order, while the tape's own goroutine computes the others, and both
// meet before an op that is not split this way.
type parts[T Float] struct {
	workers int
	waiting sync.WaitGroup // a count for each half that the helper has not done
	run     func()         // a field, so that starting the helper allocates nothing
	joined  []*conv2d[T]   // have played backwards in halves, whose gradients are to be added

	mutex   sync.Mutex
	queue   []func()
	next    int // in the queue
	running bool
}

// SetWorkers lets large convolutions use a second core where n is at least 2; 1, one core, is the start. Results do not
// depend on it; with two, those of a convolution are complete when another op or Backward has returned. It pays for a lone
// run of a wide network; runs side by side use the cores better.
func (t *Tape[T]) SetWorkers(n int) {
	t.join()
	t.parts.workers = n
}

// inParts runs one or two parts of an op's work.
func (t *Tape[T]) inParts(parts []convPart[T], work func(*convPart[T]) func()) {
	if len(parts) < 2 {
		t.join()
		work(&parts[0])()
		return
	}
	if t.parts.workers < 2 {
		work(&parts[0])()
		work(&parts[1])()
		return
	}
	// The helper's is never the smaller half: it then finds its next one waiting and does not fall asleep in between.
	t.parts.put(work(&parts[1]))
	work(&parts[0])()
}

func (p *parts[T]) put(half func()) {
	p.waiting.Add(1)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.queue = append(p.queue, half)
	if !p.running {
		p.running = true
		if p.run == nil {
			p.run = p.drain
		}
		go p.run()
	}
}

// drain is the helper: it ends when the queue is empty.
func (p *parts[T]) drain() {
	for {
		p.mutex.Lock()
		if p.next == len(p.queue) {
			p.queue, p.next, p.running = p.queue[:0], 0, false
			p.mutex.Unlock()
			return
		}
		half := p.queue[p.next]
		p.next++
		p.mutex.Unlock()
		half()
		p.waiting.Done()
	}
}

// join waits for the helper, and adds up what the halves found apart.
func (t *Tape[T]) join() {
	t.parts.waiting.Wait()
	for _, o := range t.parts.joined {
		o.parts[1].addTo(t, o.args[1], o.b)
	}
	t.parts.joined = t.parts.joined[:0]
}
