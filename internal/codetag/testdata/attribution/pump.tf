# goldthread:implements SRS-1 [[ | aws_instance.web | ]]
resource "aws_instance" "web" {
  ami = "x" # goldthread:implements SRS-2 [[ | aws_instance.web | ]]
}
