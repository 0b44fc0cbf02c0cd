"""jikim keeps a service's privacy policy: it reads the promise, enforces it, and proves what it did."""
