"""Rules from the Act on the Regulation of Terms and Conditions (약관의 규제에 관한 법률). Pure."""
