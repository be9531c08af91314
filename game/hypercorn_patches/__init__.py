"""What Hypercorn lacks, added to it in this process."""
