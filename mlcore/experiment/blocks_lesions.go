package experiment

import (
	"fmt"
	"slices"
	"unsafe"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/kernel"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

// LesionImages is how many test images a net is judged by when blocks are taken out of it.
const LesionImages = data.FashionTest

// lesionBatch is how many of them are computed between two looks at whether others go first.
const lesionBatch = 250

// A Lesion is a change to a trained net, and the share of the test images, 0 to 1, to which it gives their class then. Blocks are
// counted from 0.
type Lesion struct {
	Out      []int    // the blocks that are taken out, in order; see [nn.DeepNet.SetRoutes]
	Swap     [][2]int // blocks that have changed places
	Accuracy float64
}

// Lesions is what becomes of a trained net whose blocks are taken out or change places at test time, without training it again
// (Veit, Wilber and Belongie 2016).
type Lesions struct {
	Whole  float64    // accuracy of the net as it was trained
	Draws  [][]Lesion // by the number of blocks that are out, from none to all; one by one they are all there, in order
	Swaps  []Lesion   // of every two blocks that can change places
	Paths  []Path     // by length, from 0; nil of a plain net, which has but one
	State  map[string][]float32
	config Train
}

// Accuracy is that of the net after a change, computed where it is none of those that are known.
func (l *Lesions) Accuracy(out []int, swap [][2]int) float64 {
	switch {
	case len(out) == 0 && len(swap) == 0:
		return l.Whole
	case len(out) == 1 && len(swap) == 0:
		return l.Draws[1][out[0]].Accuracy
	case len(out) == 0 && len(swap) == 1:
		if i := slices.IndexFunc(l.Swaps, func(s Lesion) bool { return s.Swap[0] == swap[0] }); i >= 0 {
			return l.Swaps[i].Accuracy
		}
	}
	return l.evaluate(out, swap).Accuracy
}

// evaluate judges the net after a change.
func (l *Lesions) evaluate(out []int, swap [][2]int) Evaluation {
	net := l.net()
	change(net, out, swap)
	judge := nn.NewDataParallel(kernel.For[float32](), nn.Module[float32](net), nn.Shards{Size: kernel.Lanes})
	return evaluate(judge, lesionImages[float32](), func() bool { return true })
}

// net is the trained net.
func (l *Lesions) net() *nn.DeepNet[float32] {
	net := nn.NewDeepNet[float32](torchrand.New(0), l.config.deepConfig())
	if err := nn.LoadStateDict(net, l.State); err != nil {
		panic("experiment: " + err.Error())
	}
	net.SetTraining(false)
	return net
}

// change takes blocks out, or lets two change places; without any, the net is whole again.
func change[T autograd.Float](net *nn.DeepNet[T], out []int, swap [][2]int) {
	routes, path := make([]nn.Route, net.Blocks()), make([]int, net.Blocks())
	for i := range path {
		path[i] = i
	}
	for _, i := range out {
		routes[i] = nn.RouteOut
	}
	for _, s := range swap {
		path[s[0]], path[s[1]] = path[s[1]], path[s[0]]
	}
	net.SetRoutes(routes...)
	net.SetPath(path...)
}

func lesionImages[T autograd.Float]() *data.Batches[T] {
	set, err := data.Fashion("t10k", LesionImages)
	if err != nil {
		panic("experiment: " + err.Error()) // they are embedded
	}
	return data.NewBatches[T](set, lesionBatch)
}

// Lesions takes every block out, and as many random draws of several as the config says; the same of a net and its twin.
func (s *session[T]) Lesions() *Lesions {
	net, deep := any(s.net).(*nn.DeepNet[T])
	if s.config.Lesions == 0 || !deep || s.diverged {
		return nil
	}
	net.SetTraining(false)
	defer net.SetTraining(true)
	images := lesionImages[T]()
	work := float64(s.config.Ledger().MultiplyAdds()) * lesionBatch
	accuracy := func(out []int, swap [][2]int) float64 {
		if s.stopped {
			return 0
		}
		change(net, out, swap)
		return evaluate(s.judge, images, func() bool { s.between(work); return !s.stopped }).Accuracy
	}
	l := &Lesions{Whole: accuracy(nil, nil), State: map[string][]float32{}, config: s.config}
	for _, draws := range lesionDraws(s.config) {
		for i := range draws {
			draws[i].Accuracy = accuracy(draws[i].Out, nil)
		}
		l.Draws = append(l.Draws, draws)
	}
	for _, pair := range s.config.swaps() {
		l.Swaps = append(l.Swaps, Lesion{Swap: [][2]int{pair}, Accuracy: accuracy(nil, [][2]int{pair})})
	}
	if s.config.Residual() {
		l.Paths = s.paths(net)
	}
	change(net, nil, nil)
	for name, values := range nn.StateDict[T](net) {
		l.State[name] = singlesOf(values)
	}
	return l
}

// lesionDraws are the blocks that are taken out: by their number, every block alone, and of several so many different draws, or
// all that there are. They depend on the number of blocks and on the seed alone.
func lesionDraws(c Train) [][]Lesion {
	blocks, g := 3*c.N, torchrand.New(c.Seed)
	draws := make([][]Lesion, blocks+1)
	for k := range draws {
		most := float64(c.Lesions)
		if k == 1 {
			most = float64(blocks)
		}
		for _, out := range subsets(g, blocks, k, int(min(most, binomial(blocks, k)))) {
			draws[k] = append(draws[k], Lesion{Out: out})
		}
	}
	return draws
}

// subsets draws so many different subsets of k of n numbers, each in order. Where k is 1 they come in order, too.
func subsets(g *torchrand.Generator, n, k, count int) [][]int {
	var all [][]int
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	for len(all) < count {
		for i := range k { // Fisher and Yates, the first k places
			var j [1]int64
			g.Random(j[:], int64(i), int64(n))
			numbers[i], numbers[j[0]] = numbers[j[0]], numbers[i]
		}
		one := slices.Sorted(slices.Values(numbers[:k]))
		if !slices.ContainsFunc(all, func(other []int) bool { return slices.Equal(other, one) }) {
			all = append(all, one)
		}
	}
	if k == 1 {
		slices.SortFunc(all, slices.Compare[[]int])
	}
	return all
}

// binomial is the number of subsets of k of n.
func binomial(n, k int) float64 {
	b := 1.0
	for i := range k {
		b = b * float64(n-i) / float64(i+1)
	}
	return b
}

// swaps are the pairs of blocks that can change places: what the one takes and puts out, the other does.
func (c Train) swaps() [][2]int {
	var pairs [][2]int
	for i := range 3 * c.N {
		for j := i + 1; j < 3*c.N; j++ {
			if c.swapFault(i, j) == "" {
				pairs = append(pairs, [2]int{i, j})
			}
		}
	}
	return pairs
}

// swapFault says why two blocks, from 0, cannot change places; "" where they can.
func (c Train) swapFault(i, j int) string {
	for _, k := range []int{i, j} {
		if k == c.N || k == 2*c.N {
			return fmt.Sprintf("names block %d, which changes the size of what passes through: it fits in no other place", k+1)
		}
	}
	if i/c.N != j/c.N {
		return fmt.Sprintf("names blocks %d and %d of two stages: what fits in the one does not fit in the other", i+1, j+1)
	}
	return ""
}

// lesionWork is the multiply-adds of [Training.Lesions].
func (c Train) lesionWork() float64 {
	if c.Lesions == 0 {
		return 0
	}
	looks := 1 + len(c.swaps())
	for _, draws := range lesionDraws(c) {
		looks += len(draws)
	}
	image, work := float64(c.Ledger().MultiplyAdds()), 0.0
	if c.Residual() {
		work = 3 * image * PathImages * float64(len(c.SampledPaths()))
	}
	return work + image*LesionImages*float64(looks)
}

// lesionMemory is an upper estimate of the bytes that [Training.Lesions] holds beside the net: the test images, and the tape of a
// gradient along a path.
func (c Train) lesionMemory(net nn.Ledger) int64 {
	if c.Lesions == 0 {
		return 0
	}
	size := elementBytes(c.DType)
	return nn.Data(LesionImages, lesionBatch, size) + nn.Data(PathImages, PathImages, size) + 2*net.Work(PathImages, size)
}

// lesionSize is the memory that the lesions of a net take as a result, and at most a quarter more.
func (c Train) lesionSize() int64 {
	if c.Lesions == 0 {
		return 0
	}
	bytes := block(4*int64(c.Ledger().Parameters())) + entrySize*int64(len(c.Ledger()))*4
	list := func(numbers int) { bytes += int64(unsafe.Sizeof(Lesion{})) + block(8*int64(numbers)) }
	for _, draws := range lesionDraws(c) {
		for _, draw := range draws {
			list(len(draw.Out))
		}
	}
	for range c.swaps() {
		list(2)
	}
	if c.Residual() {
		for _, path := range c.SampledPaths() {
			for _, drawn := range path.Drawn {
				list(len(drawn))
			}
		}
	}
	return bytes
}

// Mean is the accuracy with so many blocks out, over the draws.
func (l *Lesions) Mean(out int) float64 {
	sum := 0.0
	for _, draw := range l.Draws[out] {
		sum += draw.Accuracy
	}
	return sum / float64(len(l.Draws[out]))
}
