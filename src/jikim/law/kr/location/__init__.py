"""Rules from the Act on the Protection and Use of Location Information (위치정보법). Pure."""
