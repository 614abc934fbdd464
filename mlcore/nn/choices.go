package nn

import (
	"fmt"
	"slices"
	"strings"
)

// Skip is how a layer or a block adds its input x to its output h.
type Skip uint8

const (
	SkipNone     Skip = iota // h
	SkipIdentity             // x + h
	SkipA                    // x + h, x subsampled and padded with zero channels where the shape changes (He et al. 2015)
	SkipB                    // x + h, x projected by a 1x1 convolution where the shape changes
	SkipC                    // x projected + h
	SkipReZero               // x + α h with a learnt α (Bachlechner et al. 2020)
	SkipHighway              // g h + (1-g) x with a learnt gate (Srivastava et al. 2015)
)

// Norm is a normalisation layer.
type Norm uint8

const (
	NormNone Norm = iota
	NormBatch
	NormGroup
	NormLayer
)

// Order is where a residual block adds, normalises and activates.
type Order uint8

const (
	OrderPost     Order = iota // f(F(x) + x) (He et al. 2015)
	OrderNotebook              // f(F(x)) + x, where the notebook adds
	OrderPre                   // F(x) + x, where F is norm-f-conv twice (He et al. 2016)
)

// NormPlace is where a layer of a transformer normalises.
type NormPlace uint8

const (
	NormNowhere NormPlace = iota // x + h(x)
	NormPre                      // x + h(norm(x)), norm_first=True in PyTorch (Xiong et al. 2020)
	NormPost                     // norm(x + h(x)) (Vaswani et al. 2017)
)

// Route is what of a DeepNet's block computes, or what of it gradients pass. See SetRoute.
type Route uint8

const (
	RouteWhole    Route = iota // F and the shortcut, as it was trained
	RouteOut                   // F is left out: F(x) is 0
	RouteF                     // the values of all of it, a gradient through F alone
	RouteShortcut              // the values of all of it, a gradient through the shortcut alone
)

// Initialisation is how weights are drawn: PyTorch's own way, or a function of torch.nn.init.
type Initialisation uint8

const (
	InitDefault        Initialisation = iota // kaiming_uniform_(a=√5)
	InitXavierUniform                        // Glorot and Bengio 2010, equation 16
	InitXavierNormal                         // with its variance
	InitKaimingUniform                       // for ReLU (He et al. 2015, "Delving deep")
	InitKaimingNormal                        // with its variance
	InitSmallNormal                          // normal_(std=0.01)
	InitLargeNormal                          // normal_(std=1)
)

func (s Skip) String() string {
	return [...]string{"none", "identity", "A", "B", "C", "rezero", "highway"}[s]
}
func (n Norm) String() string      { return [...]string{"none", "batch", "group", "layer"}[n] }
func (o Order) String() string     { return [...]string{"post", "notebook", "pre"}[o] }
func (p NormPlace) String() string { return [...]string{"none", "pre", "post"}[p] }
func (i Initialisation) String() string {
	return [...]string{"default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "small_normal", "large_normal"}[i]
}

// DeepSkips, DeepNorms and DeepOrders are what a DeepConfig takes, MLPSkips, MLPNorms and Initialisations what an MLPConfig
// takes, NormPlaces what an EncoderConfig takes.
func DeepSkips() []Skip       { return []Skip{SkipNone, SkipA, SkipB, SkipC} }
func DeepNorms() []Norm       { return []Norm{NormNone, NormBatch, NormGroup} }
func DeepOrders() []Order     { return []Order{OrderPost, OrderNotebook, OrderPre} }
func MLPSkips() []Skip        { return []Skip{SkipNone, SkipIdentity, SkipReZero, SkipHighway} }
func MLPNorms() []Norm        { return []Norm{NormNone, NormBatch, NormLayer} }
func NormPlaces() []NormPlace { return []NormPlace{NormNowhere, NormPre, NormPost} }
func Initialisations() []Initialisation {
	return []Initialisation{InitDefault, InitXavierUniform, InitXavierNormal, InitKaimingUniform, InitKaimingNormal, InitSmallNormal, InitLargeNormal}
}

// Parse returns the one of the choices that has the name.
func Parse[C fmt.Stringer](name string, choices []C) (C, error) {
	var names []string
	for _, c := range choices {
		if c.String() == name {
			return c, nil
		}
		names = append(names, c.String())
	}
	var none C
	return none, fmt.Errorf("unknown %q, want one of %s", name, strings.Join(names, ", "))
}

// mustTake panics where a network does not take a choice: a config is validated before it is built.
func mustTake[C interface {
	comparable
	fmt.Stringer
}](choice C, choices []C) {
	if !slices.Contains(choices, choice) {
		panic(fmt.Sprintf("nn: this network takes no %T %s", choice, choice))
	}
}
