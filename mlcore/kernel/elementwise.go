package kernel

// goAdd stores y = a + b, or its positive part where relu is set. The slices may be the same.
func goAdd[T Float](y, a, b []T, positive bool) {
	y, b = y[:len(a)], b[:len(a)]
	if positive {
		for i := range a {
			y[i] = relu(a[i] + b[i])
		}
		return
	}
	for i := range a {
		y[i] = a[i] + b[i]
	}
}

// goMul stores y = a·b, or adds it where accumulate is set.
func goMul[T Float](y, a, b []T, accumulate bool) {
	y, b = y[:len(a)], b[:len(a)]
	if accumulate {
		for i := range a {
			y[i] += a[i] * b[i]
		}
		return
	}
	for i := range a {
		y[i] = a[i] * b[i]
	}
}

// goScale stores y = s·x, or adds it where accumulate is set.
func goScale[T Float](y, x []T, s T, accumulate bool) {
	y = y[:len(x)]
	if accumulate {
		for i, v := range x {
			y[i] += s * v
		}
		return
	}
	for i, v := range x {
		y[i] = s * v
	}
}

// goDot returns Σ a·b. Sixteen partial sums keep float32 close to the exact result.
func goDot[T Float](a, b []T) T {
	var s [Lanes]T
	b = b[:len(a)]
	i := 0
	for ; i+Lanes <= len(a); i += Lanes {
		p, q := (*[Lanes]T)(a[i:]), (*[Lanes]T)(b[i:])
		for l := range s {
			s[l] += p[l] * q[l]
		}
	}
	var total T
	for ; i < len(a); i++ {
		total += a[i] * b[i]
	}
	for _, v := range s {
		total += v
	}
	return total
}
