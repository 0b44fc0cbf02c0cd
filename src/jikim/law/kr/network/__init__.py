"""Rules from the Network Act (정보통신망법). Pure."""
