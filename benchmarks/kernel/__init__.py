"""The kernel of `stable` beside a textbook in C++ and a published library, on the same arrays."""
