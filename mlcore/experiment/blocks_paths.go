package experiment

import (
	"math"

	"gradlab/mlcore/autograd"
	"gradlab/mlcore/data"
	"gradlab/mlcore/nn"
	"gradlab/mlcore/torchrand"
)

const (
	// PathImages is how many of its training images a net is asked for its gradient about.
	PathImages = 64
	// PathDraws is how many paths of each length are drawn, or all that there are.
	PathDraws = 12
)

// A Path is what is known of the paths of one length through a residual net: those that go through so many of its blocks, and past
// the others by their shortcuts.
type Path struct {
	Length int
	Count  float64 // how many there are: the binomial coefficient
	Drawn  [][]int // the blocks, from 0, that each path that was looked at goes through
	// Norm is the L2 norm of ∂L/∂x, x an image and L its loss, as it arrives along one such path: the mean over those drawn and
	// over the images.
	Norm float64
}

// Share is the norm that all paths of the length have together, were they all alike and never against each other.
func (p Path) Share() float64 { return p.Count * p.Norm }

// paths measures gradients along single paths, as Veit et al. 2016 do in their section 4.3: forwards the whole net, backwards
// through F alone in the blocks of the path and through the shortcut alone in the others.
func (s *session[T]) paths(net *nn.DeepNet[T]) []Path {
	norm := pathNorms(net)
	work := 3 * float64(s.config.Ledger().MultiplyAdds()) * PathImages
	var all []Path
	for _, path := range s.config.SampledPaths() {
		for _, through := range path.Drawn {
			if s.stopped {
				return nil
			}
			path.Norm += norm(through) / float64(len(path.Drawn))
			s.between(work)
		}
		all = append(all, path)
	}
	return all
}

// pathNorms makes a function that measures the gradient along the path through some blocks of a net.
func pathNorms[T autograd.Float](net *nn.DeepNet[T]) func(through []int) float64 {
	set, err := data.Fashion("train", PathImages)
	if err != nil {
		panic("experiment: " + err.Error()) // they are embedded
	}
	x, labels := data.NewBatches[T](set, PathImages).At(0)
	x.RequireGrad()
	tape := autograd.NewTape[T]()
	tape.SetRetainGrad(false)
	return func(through []int) float64 {
		change(net, nil, nil)
		net.SetRoutes(routesThrough(net.Blocks(), through)...)
		defer net.SetRoutes()
		tape.Reset()
		x.ZeroGrad()
		tape.Backward(tape.CrossEntropy(net.Forward(tape, x), labels))
		for p := range net.Parameters() {
			p.ZeroGrad()
		}
		return meanNorm(x)
	}
}

func routesThrough(blocks int, through []int) []nn.Route {
	routes := make([]nn.Route, blocks)
	for i := range routes {
		routes[i] = nn.RouteShortcut
	}
	for _, i := range through {
		routes[i] = nn.RouteF
	}
	return routes
}

// meanNorm is the mean over the images x of the norm of each image's own loss's gradient, where the loss is the mean over them.
func meanNorm[T autograd.Float](x *autograd.Tensor[T]) float64 {
	gradients, n := x.Gradients(nil), x.Shape[0]
	sum := 0.0
	for i := range n {
		square := 0.0
		for _, g := range gradients[i*data.Pixels : (i+1)*data.Pixels] {
			square += float64(g) * float64(g)
		}
		sum += math.Sqrt(square)
	}
	return sum // n times each norm, over n
}

// SampledPaths are the paths to look at, by length. They depend on the number of blocks and the seed alone.
func (c Train) SampledPaths() []Path {
	blocks, g := 3*c.N, torchrand.New(c.Seed)
	all := make([]Path, blocks+1)
	for k := range all {
		count := binomial(blocks, k)
		all[k] = Path{Length: k, Count: count, Drawn: subsets(g, blocks, k, int(min(PathDraws, count)))}
	}
	return all
}
