package experiment

import "fmt"

// A ChainFactor is one factor of a gradient of a chain.
type ChainFactor struct {
	Kind  FactorKind
	Layer int     // whose factor it is, from 1; of FactorLoss the last
	Value float64 // in the chain's precision
	SoFar float64 // the gradient that has been reached when the factor is in, as the backward pass of the core stored it
}

// FactorKind says what a [ChainFactor] is the derivative of.
type FactorKind int

// The factors, in the order in which a gradient picks them up on its way back.
const (
	FactorLoss  FactorKind = iota // ∂L/∂z_n = z_n - target
	FactorLayer                   // ∂z_j/∂z_{j-1} = f′(a_j)·w_j [+ 1]
	FactorSlope                   // f′(a_i)
	FactorInput                   // ∂a_i/∂w_i = z_{i-1}
)

// Product takes the gradient of a layer, from 1, apart into the factors of the chain rule:
//
//	∂L/∂z_i = (z_n - target) · Π_{j>i} (f′(a_j)·w_j [+ 1]);  ∂L/∂a_i = ∂L/∂z_i · f′(a_i);  ∂L/∂w_i = ∂L/∂a_i · z_{i-1}
//
// Their product is the gradient up to rounding. It is nil where quantity is no gradient of the loss.
func (r ChainResult) Product(quantity string, layer int) []ChainFactor {
	n := len(r.W)
	if layer < 1 || layer > n {
		panic(fmt.Sprintf("experiment: ChainResult.Product: layer %d of %d", layer, n))
	}
	if !IsGradient(quantity) {
		return nil
	}
	factors := []ChainFactor{{FactorLoss, n, r.GradZ[n], r.GradZ[n]}}
	for j := n; j > layer; j-- {
		factors = append(factors, ChainFactor{FactorLayer, j, r.Factor[j-1], r.GradZ[j-1]})
	}
	if quantity == QuantityGradZ {
		return factors
	}
	factors = append(factors, ChainFactor{FactorSlope, layer, r.Slope[layer-1], r.GradA[layer-1]})
	if quantity == QuantityGradA {
		return factors
	}
	return append(factors, ChainFactor{FactorInput, layer, r.Z[layer-1], r.GradW[layer-1]})
}

// IsGradient says whether a quantity is a gradient of the loss.
func IsGradient(quantity string) bool {
	return quantity == QuantityGradW || quantity == QuantityGradA || quantity == QuantityGradZ
}
