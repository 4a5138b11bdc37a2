"""What Wazo's Python services share, as far as plugins and their targets can see it. See ../../README.md."""
