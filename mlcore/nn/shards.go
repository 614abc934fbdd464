package nn

// Shards says how a batch is cut for a net. It depends on the net and the batch alone, never on the machine: so no bit of
// a run depends on the number of cores.
type Shards struct {
	Size int // samples in each, a multiple of 16; the last may have fewer
	// Meet says that samples mix within the net: shards are computed side by side, and meet at every batch norm.
	Meet bool
}

// What is worth cutting, in multiply-adds of a training step.
const (
	// shardWork is a shard's: about a tenth of a millisecond, against some microseconds for a goroutine and for adding its
	// gradients.
	shardWork = 8_000_000
	// meetingWork is a shard's between two meetings, for which both cores have to be awake at the same time: some tenths of a
	// millisecond. With a tenth of it, measured, a second core brought nothing.
	meetingWork = 8_000_000
)

// Shards cuts a batch: into blocks of 16 samples, the smallest that the kernels compute; into halves where the net mixes
// samples, since shards then wait for each other; not at all where a shard would be too little work, and no product of
// matrices, which reads its weights once for all samples, unless a sample reads them many times.
func (l Ledger) Shards(batch int) Shards {
	blocks := (batch + lanes - 1) / lanes
	half := (blocks + 1) / 2 * lanes
	work := 3 * l.dividable()
	switch norms := l.mixing(); {
	case norms == 0 && work*lanes >= shardWork:
		return Shards{Size: lanes}
	case norms > 0 && work*int64(half)/int64(2*norms) >= meetingWork:
		return Shards{Size: half, Meet: true}
	}
	return Shards{Size: blocks * lanes}
}

// dividable is the part of MultiplyAdds that reads each weight many times a sample.
func (l Ledger) dividable() int64 {
	n := int64(0)
	for _, layer := range l {
		if layer.Kind != linearKind {
			n += layer.MultiplyAdds
		}
	}
	return n
}

// mixing is the number of layers in which a sample's output depends on the others of its batch.
func (l Ledger) mixing() int {
	n := 0
	for _, layer := range l {
		if layer.Kind == batchKind {
			n++
		}
	}
	return n
}
