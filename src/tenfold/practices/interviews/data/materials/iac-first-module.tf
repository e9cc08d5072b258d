terraform {
  backend "local" {
    path = "endpoint.tfstate"
  }
}

variable "environment" {
  default = "staging"
}

variable "registry_token" {
  default = "tok_8f2c41d0invented"
}

resource "aws_s3_bucket" "models" {
  bucket        = "forecast-models"
  force_destroy = true
}

resource "aws_ecs_service" "endpoint" {
  name          = "forecast"
  desired_count = var.environment == "production" ? 3 : 1
}

resource "aws_ssm_parameter" "token" {
  name  = "/forecast/registry-token"
  type  = "String"
  value = var.registry_token
}

output "bucket" {
  value = aws_s3_bucket.models.bucket
}
