"""Rules from the Personal Information Protection Act (개인정보 보호법), its decree and its notices. Pure."""
