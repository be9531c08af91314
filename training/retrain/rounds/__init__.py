"""What may teach: rounds that people played, through gates that each can say why they refused one."""
