package nn

import (
	"slices"
	"sync"
	"time"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/kernel"
)

// DataParallel computes a net's loss on a batch, and its gradients, shard by shard: the results of a shard stay in the
// cache, those of a few take the memory instead of the whole batch's, and each worker takes the next one. What the shards
// find is added in their order. The idea is that of torch.nn.parallel.DistributedDataParallel, with cores for devices. It
// is for one goroutine.
type DataParallel[T Float] struct {
	net     Module[T]
	params  []*autograd.Tensor[T]
	kernels *kernel.Set[T]
	shards  Shards
	workers int
	pace    pace
	tapes   []*shardTape[T] // by worker, or by shard where shards meet
	tail    *shardTape[T]   // for a last shard that is smaller: a tape keeps its buffers while shapes stay
	group   *autograd.Group // of the tapes, where shards meet
	running sync.WaitGroup

	// The batch at hand.
	x       *autograd.Tensor[T]
	targets []int
	places  int  // targets of a sample: one, or one for each place of a sequence
	learn   bool // find gradients, too
	count   int  // of shards
	losses  []float64
	logits  []T // (N, K) or (N, S, K)

	mutex  sync.Mutex
	moved  sync.Cond             // added or failed has changed
	next   int                   // shard that no worker has taken
	found  []*autograd.Leaves[T] // gradients by shard, until they are added to the parameters'
	ended  []bool                // by shard
	added  int                   // shards whose gradients are, in order
	spare  []*autograd.Leaves[T]
	failed any // what the first panic said
}

// shardTape is a tape and the shard that it has at the moment.
type shardTape[T Float] struct {
	tape   *autograd.Tape[T]
	x      autograd.Tensor[T]
	logits []T
}

// NewDataParallel returns a learner of the net's parameters with one worker.
func NewDataParallel[T Float](kernels *kernel.Set[T], net Module[T], shards Shards) *DataParallel[T] {
	d := &DataParallel[T]{net: net, params: slices.Collect(net.Parameters()), kernels: kernels, shards: shards, workers: 1}
	d.moved.L = &d.mutex
	return d
}

// SetWorkers says how many cores may work on the next batch.
func (d *DataParallel[T]) SetWorkers(n int) { d.workers = max(1, n) }

// Learn returns the mean cross-entropy of the net on a batch x (N, …), and adds its gradients to the parameters'. Of sequences
// there is a target for each place. A panic in a shard is a panic here.
func (d *DataParallel[T]) Learn(x *autograd.Tensor[T], targets []int) float64 {
	return d.compute(x, targets, true)
}

// Loss returns the mean cross-entropy alone.
func (d *DataParallel[T]) Loss(x *autograd.Tensor[T], targets []int) float64 {
	return d.compute(x, targets, false)
}

// Shed drops all storage; the next batch makes it anew.
func (d *DataParallel[T]) Shed() {
	d.tapes, d.tail, d.group = nil, nil, nil
	d.found, d.spare, d.logits, d.x = nil, nil, nil, nil
}

// Logits are what the net made of the last batch, (N, K) or (N, S, K) row-major; the next one overwrites them.
func (d *DataParallel[T]) Logits() []T { return d.logits }

// Bytes is the memory that the tapes hold, and the gradients by shard.
func (d *DataParallel[T]) Bytes() int {
	bytes := 0
	for _, s := range append(d.tapes[:len(d.tapes):len(d.tapes)], d.tail) {
		if s != nil {
			bytes += s.tape.Bytes()
		}
	}
	for _, l := range d.spare {
		bytes += l.Bytes()
	}
	return bytes
}

func (d *DataParallel[T]) compute(x *autograd.Tensor[T], targets []int, learn bool) float64 {
	d.x, d.targets, d.places, d.learn = x, targets, len(targets)/x.Shape[0], learn
	d.start((x.Shape[0] + d.shards.Size - 1) / d.shards.Size)
	began := time.Now()
	workers := d.pace.choose(min(d.workers, d.count))
	if d.shards.Meet && d.count > 1 {
		d.meet(workers)
	} else {
		d.deal(workers)
	}
	d.pace.took(time.Since(began))
	loss := 0.0
	for _, share := range d.losses {
		loss += share
	}
	return loss
}

// start readies the books for a number of shards.
func (d *DataParallel[T]) start(count int) {
	d.count, d.next, d.added, d.failed = count, 0, 0, nil
	d.losses = slices.Grow(d.losses[:0], count)[:count]
	d.found = slices.Grow(d.found[:0], count)[:count]
	d.ended = slices.Grow(d.ended[:0], count)[:count]
	clear(d.found)
	clear(d.ended)
}

// meet computes every shard on a tape of its own, side by side.
func (d *DataParallel[T]) meet(workers int) {
	if d.group == nil || d.group.Size() != d.count {
		d.group, d.tapes = autograd.NewGroup(d.count), nil
		for rank := range d.count {
			d.tapes = append(d.tapes, d.newTape())
			d.tapes[rank].tape.Join(d.group, rank)
		}
	}
	d.group.Run(workers, func(rank int) { d.shard(d.tapes[rank], rank) })
}

// deal has each worker take one shard after another.
func (d *DataParallel[T]) deal(workers int) {
	for len(d.tapes) < workers {
		d.tapes = append(d.tapes, d.newTape())
	}
	work := func(s *shardTape[T]) {
		for i := d.take(); i < d.count; i = d.take() {
			d.shard(s, i)
		}
	}
	others := d.tapes[1:workers]
	d.running.Add(len(others))
	for _, s := range others {
		go func() {
			defer d.running.Done()
			defer d.note()
			work(s)
		}()
	}
	func() {
		defer d.note()
		work(d.tapes[0])
	}()
	d.running.Wait()
	if d.failed != nil {
		panic(d.failed)
	}
}

func (d *DataParallel[T]) newTape() *shardTape[T] {
	s := &shardTape[T]{tape: autograd.NewTapeWith(d.kernels)}
	s.tape.SetRetainGrad(false) // as PyTorch does: what a run shows are the parameters' gradients
	return s
}

// ahead is how many shards a worker may be ahead of the slowest: so many gradients are kept apart at the most.
const ahead = 2

// take returns the next shard that nobody computes.
func (d *DataParallel[T]) take() int {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for d.next < d.count && d.next-d.added >= ahead*d.workers && d.failed == nil {
		d.moved.Wait()
	}
	if d.failed != nil {
		return d.count
	}
	d.next++
	return d.next - 1
}

// note keeps what a goroutine's panic says, for the one that asked: else it would end the program.
func (d *DataParallel[T]) note() {
	if v := recover(); v != nil {
		d.mutex.Lock()
		defer d.mutex.Unlock()
		if d.failed == nil {
			d.failed = v
		}
		d.moved.Broadcast()
	}
}

// shard computes one shard, on s or, where it is smaller than the others, on the tape for that.
func (d *DataParallel[T]) shard(s *shardTape[T], i int) {
	first := i * d.shards.Size
	samples := min(d.shards.Size, d.x.Shape[0]-first)
	targets := d.targets[first*d.places:][:samples*d.places]
	if i > 0 && samples < d.shards.Size && d.group == nil {
		if d.tail == nil {
			d.tail = d.newTape()
		}
		s = d.tail
	}
	s.x.NarrowTo(d.x, first, samples)
	s.tape.Reset()
	var leaves *autograd.Leaves[T]
	if d.learn && d.count > 1 { // the gradients of one shard alone go to the parameters at once
		leaves = d.leaves()
	}
	s.tape.CollectIn(leaves)
	out := d.net.Forward(s.tape, &s.x)
	share, loss := s.tape.CrossEntropyShare(out, targets, len(d.targets))
	d.losses[i] = loss
	d.keep(s, out, first)
	if d.learn {
		s.tape.Backward(share)
	}
	d.add(i, leaves)
}

// keep copies the logits of the shard whose first sample that is.
func (d *DataParallel[T]) keep(s *shardTape[T], out *autograd.Tensor[T], first int) {
	s.logits = out.Values(s.logits)
	each := len(s.logits) / out.Shape[0]
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if size := d.x.Shape[0] * each; len(d.logits) != size {
		d.logits = make([]T, size)
	}
	copy(d.logits[first*each:], s.logits)
}

// leaves returns gradients that nobody uses, zero.
func (d *DataParallel[T]) leaves() *autograd.Leaves[T] {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if last := len(d.spare) - 1; last >= 0 {
		l := d.spare[last]
		d.spare = d.spare[:last]
		return l
	}
	return autograd.NewLeaves(d.params)
}

// add adds a shard's gradients to the parameters', once those of all shards before it are. A shard without any of its own
// counts all the same.
func (d *DataParallel[T]) add(i int, l *autograd.Leaves[T]) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.found[i], d.ended[i] = l, true
	for ; d.added < d.count && d.ended[d.added]; d.added++ {
		if l := d.found[d.added]; l != nil {
			l.AddTo(d.kernels)
			l.ZeroGrad()
			d.spare = append(d.spare, l)
		}
	}
	d.moved.Broadcast()
}
