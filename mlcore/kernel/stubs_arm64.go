package kernel

// The functions of kernels_arm64.s.

//go:noescape
func correlate1x1NEON(args *tile)

//go:noescape
func correlate2x1NEON(args *tile)

//go:noescape
func correlate3x1NEON(args *tile)

//go:noescape
func correlate4x1NEON(args *tile)

//go:noescape
func correlateGrad1x1NEON(args *gradTile)

//go:noescape
func correlateGrad1x2NEON(args *gradTile)

//go:noescape
func correlateGrad1x3NEON(args *gradTile)

//go:noescape
func correlateGrad1x4NEON(args *gradTile)

//go:noescape
func correlateGrad2x1NEON(args *gradTile)

//go:noescape
func correlateGrad2x2NEON(args *gradTile)

//go:noescape
func correlateGrad2x3NEON(args *gradTile)

//go:noescape
func correlateGrad2x4NEON(args *gradTile)

//go:noescape
func correlateGrad3x1NEON(args *gradTile)

//go:noescape
func correlateGrad3x2NEON(args *gradTile)

//go:noescape
func correlateGrad3x3NEON(args *gradTile)

//go:noescape
func correlateGrad3x4NEON(args *gradTile)

//go:noescape
func correlateGrad4x1NEON(args *gradTile)

//go:noescape
func correlateGrad4x2NEON(args *gradTile)

//go:noescape
func correlateGrad4x3NEON(args *gradTile)

//go:noescape
func correlateGrad4x4NEON(args *gradTile)
