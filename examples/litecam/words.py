"""What made-up people say to liteCam. Pure."""

COMPANIES = ("가람상사", "나루정밀", "다솜출판")
ENQUIRIES = ("녹화가 멈춰요", "설치 방법이 궁금해요", "라이선스를 옮기고 싶어요")
COMPLAINTS = ("결제가 두 번 되었어요", "배송이 오지 않아요", "환불이 늦어요")
FEATURES = ("recorded a lecture", "cut a film", "shared a screen")
RECORDERS = ("강의 녹화", "게임 녹화", "회의 녹화")
STREETS = ("가람시 늘솔길", "나루시 한빛길", "라온시 참샘길")
