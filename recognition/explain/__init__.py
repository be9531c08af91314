"""Why a drawing was read as it was."""
