"""GridMap 网格河长一张图."""
